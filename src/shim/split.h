/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What shares out the memory cgroup's references when pages are split: two functions
 * of a file of their own, so that no compiler puts them into their callers. Whatever
 * splits a block calls the one, and whatever splits a large folio the other; up to
 * 6.14 these are the same.
 */
#ifndef PGTAG_SHIM_SPLIT_H
#define PGTAG_SHIM_SPLIT_H

#include <linux/compiler_types.h>
#include <linux/log2.h>
#include <linux/memcontrol.h>
#include <linux/mm_types.h>
#include <linux/version.h>

/**
 * struct pgtag_split - what falls into pieces
 * @head: its first page
 * @order: its order
 * @new_order: the order of each piece
 */
struct pgtag_split {
	struct page *head;
	unsigned int order;
	unsigned int new_order;
};

/* From 6.9 to 6.14: a page, its order, and that of each piece. */
#define PGTAG_SPLIT_HAS_ORDERS						\
	__builtin_types_compatible_p(typeof(split_page_memcg),		\
				     void (struct page *, int, int))
/* Before: a page, and of how many. Later: a page, and its order. */
#define PGTAG_SPLIT_HAS_COUNT						\
	(!PGTAG_SPLIT_HAS_ORDERS && LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0))
#define PGTAG_FOLIO_SPLIT_APART						\
	(!PGTAG_SPLIT_HAS_ORDERS && !PGTAG_SPLIT_HAS_COUNT)

static_assert(PGTAG_SPLIT_HAS_ORDERS ||
	      __builtin_types_compatible_p(typeof(split_page_memcg),
					   void (struct page *, unsigned int)));

/* Those of split_page_memcg(). */
static inline struct pgtag_split pgtag_split_arguments(const unsigned long *args)
{
	return (struct pgtag_split) {
		.head = (struct page *)args[0],
		.order = PGTAG_SPLIT_HAS_COUNT ? ilog2((unsigned int)args[1]) : args[1],
		.new_order = PGTAG_SPLIT_HAS_ORDERS ? args[2] : 0,
	};
}

#endif
