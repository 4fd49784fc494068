/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A walk over the memory map.
 */
#ifndef PGTAG_WALK_H
#define PGTAG_WALK_H

#include <linux/mm_types.h>

typedef int (*pgtag_visit_t)(struct page *page, unsigned long pfn, void *arg);

unsigned long pgtag_online_section(unsigned long section);
int pgtag_walk(pgtag_visit_t visit, void *arg);
int pgtag_walk_on(pgtag_visit_t visit, void *arg);

#endif
