/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What shares out the memory cgroup's references when pages are split: two functions
 * of a file of their own, so that no compiler puts them into their callers. Whatever
 * splits a block calls the one, and whatever splits a large folio the other; up to
 * 6.14 these are the same.
 */
#ifndef PGTAG_SHIM_SPLIT_H
#define PGTAG_SHIM_SPLIT_H

#include <linux/log2.h>
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

#define PGTAG_FOLIO_SPLIT_APART	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0))

/* Those of split_page_memcg(). */
static inline struct pgtag_split pgtag_split_arguments(const unsigned long *args)
{
	bool has_orders = LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0);
	bool has_new_order = has_orders && !PGTAG_FOLIO_SPLIT_APART;

	return (struct pgtag_split) {
		.head = (struct page *)args[0],
		.order = has_orders ? args[1] : ilog2((unsigned int)args[1]),
		.new_order = has_new_order ? args[2] : 0,
	};
}

#endif
