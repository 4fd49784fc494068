/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Arguments of the bulk allocator, which lost its list in 6.14.
 */
#ifndef PGTAG_SHIM_BULK_H
#define PGTAG_SHIM_BULK_H

#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/version.h>

/**
 * struct pgtag_bulk - what a bulk allocation was asked to fill
 * @nr: number of pages asked for
 * @list: pages are added at its head, NULL if @array is to be filled
 * @array: its NULL entries are to be filled
 */
struct pgtag_bulk {
	int nr;
	struct list_head *list;
	struct page **array;
};

static inline struct pgtag_bulk pgtag_bulk_arguments(const unsigned long *args)
{
	bool has_list = LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0);

	return (struct pgtag_bulk) {
		.nr = args[3],
		.list = has_list ? (struct list_head *)args[4] : NULL,
		.array = (struct page **)args[has_list ? 5 : 4],
	};
}

#endif
