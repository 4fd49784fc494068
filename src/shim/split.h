/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Arguments of the function that shares out the memory cgroup's references when
 * a large folio is split. Up to 6.14 split_page() calls the same function.
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

static inline struct pgtag_split pgtag_split_arguments(const unsigned long *args)
{
	bool has_orders = LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0);

	return (struct pgtag_split) {
		.head = (struct page *)args[0],
		.order = has_orders ? args[1] : ilog2((unsigned int)args[1]),
		.new_order = has_orders ? args[2] : 0,
	};
}

#endif
