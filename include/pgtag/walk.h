/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A walk over the memory map.
 */
#ifndef PGTAG_WALK_H
#define PGTAG_WALK_H

#include <linux/mm_types.h>

int pgtag_walk(int (*visit)(struct page *page, unsigned long pfn, void *arg),
	       void *arg);

#endif
