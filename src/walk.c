// SPDX-License-Identifier: GPL-2.0
/*
 * A walk over the memory map: every online page that may carry an index.
 */
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include <pgtag/walk.h>

/*
 * Tail pages carry no index, and those of a hugetlb folio may be mapped
 * read-only, several to one page of the memory map. PageTail() knows both.
 */
static bool worth_a_visit(struct page *page)
{
	return page && !PageTail(page);
}

/*
 * The page of the memory map may go when its memory has gone offline. Whoever
 * follows that (hotplug.c) waits for those who are in here.
 */
static int look_at(unsigned long pfn,
		   int (*visit)(struct page *page, unsigned long pfn,
				void *arg), void *arg)
{
	struct page *page;
	int ret = 0;

	rcu_read_lock();
	page = pfn_to_online_page(pfn);
	if (worth_a_visit(page))
		ret = visit(page, pfn, arg);
	rcu_read_unlock();
	return ret;
}

/**
 * pgtag_walk - visit every online page that is not a tail page
 * @visit: called for each, may not sleep; anything but 0 ends the walk
 * @arg: passed on
 *
 * Pages come and go, fold and split while this runs; @visit sees each as it
 * is at that moment.
 *
 * Context: process context, may sleep.
 * Return: what the last @visit returned, 0 after a whole walk.
 */
int pgtag_walk(int (*visit)(struct page *page, unsigned long pfn, void *arg),
	       void *arg)
{
	int nid;

	for_each_online_node(nid) {
		unsigned long pfn = node_start_pfn(nid);
		unsigned long end = node_end_pfn(nid);

		for (; pfn < end; pfn++) {
			int ret = look_at(pfn, visit, arg);

			if (!(pfn % PAGES_PER_SECTION))
				cond_resched();
			if (ret)
				return ret;
		}
	}
	return 0;
}
