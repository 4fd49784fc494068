/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A walk over the memory map.
 */
#ifndef PGTAG_WALK_H
#define PGTAG_WALK_H

#include <linux/mm.h>
#include <linux/mmzone.h>

#include <shim/page.h>

/* Looks at PAGES_PER_SUBSECTION pages, which begin with @page, see pgtag_each_page(). */
typedef int (*pgtag_visit_t)(struct page *page, unsigned long pfn, void *arg);

unsigned long pgtag_online_section(unsigned long section);
int pgtag_walk(pgtag_visit_t visit, void *arg);
int pgtag_walk_on(pgtag_visit_t visit, void *arg);

/*
 * Where the memory map of a hugetlb page has been given back (HVO), one page of
 * it may stand for many, and what begins each reads as the head of the folio.
 */
static __always_inline bool pgtag_copy_of_head(struct page *page)
{
	return pgtag_page_is_head(page) && PageTail(page);
}

/**
 * pgtag_each_page - look at each page of what a walk visits
 * @page: the first one
 * @pfn: its number
 * @arg: passed on
 * @look: called for each, tail pages too; may not sleep; anything but 0 ends the walk
 *
 * There are billions of pages: @look becomes a part of this loop, and the loop of
 * the visitor.
 *
 * Context: that of a visitor, in a section of RCU.
 * Return: what the last @look returned.
 */
static __always_inline int pgtag_each_page(struct page *page, unsigned long pfn,
					   void *arg, pgtag_visit_t look)
{
	unsigned long i;
	int ret = 0;

	for (i = 0; i < PAGES_PER_SUBSECTION && !ret; i++) {
		if (!pgtag_copy_of_head(page + i))
			ret = look(page + i, pfn + i, arg);
	}
	return ret;
}

#endif
