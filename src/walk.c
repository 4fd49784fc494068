// SPDX-License-Identifier: GPL-2.0
/*
 * A walk over the memory map: every page of the memory that is online, once.
 *
 * It goes by memory sections and not by the spans of nodes: a node may have no
 * memory at all, nodes may interleave, and device memory may lie at the other
 * end of the address space.
 */
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include <pgtag/walk.h>

/**
 * pgtag_online_section - find memory
 * @section: where to begin
 *
 * Structures of sections come by the page, its root, and never go: a hole
 * costs a look at each of its roots, of which there are NR_SECTION_ROOTS at
 * most (2^18 with five levels of page tables).
 *
 * Context: process context, may sleep. Memory may go offline at any time; who
 * looks at its pages must ask again, in an RCU section (see hotplug.c).
 * Return: the first section from @section on that is online, or
 * NR_MEM_SECTIONS if there is none.
 */
unsigned long pgtag_online_section(unsigned long section)
{
	while (section < NR_MEM_SECTIONS) {
		if (online_section_nr(section))
			return section;
		section = __nr_to_section(section) ?
			  section + 1 : round_up(section + 1, SECTIONS_PER_ROOT);
		cond_resched();
	}
	return NR_MEM_SECTIONS;
}

/*
 * Memory goes on- and offline in larger pieces than this, and device memory in
 * the same section is a piece of its own. The memory map may go when its memory
 * has gone offline; whoever follows that (hotplug.c) waits for those who are in
 * here.
 */
static int visit_subsection(unsigned long pfn, pgtag_visit_t visit, void *arg)
{
	struct page *page;
	int ret = 0;

	rcu_read_lock();
	page = pfn_to_online_page(pfn);
	if (page)
		ret = visit(page, pfn, arg);
	rcu_read_unlock();
	return ret;
}

static int visit_section(unsigned long section, pgtag_visit_t visit, void *arg)
{
	unsigned long pfn = section_nr_to_pfn(section);
	unsigned long end = pfn + PAGES_PER_SECTION;
	int ret = 0;

	for (; pfn < end && !ret; pfn += PAGES_PER_SUBSECTION) {
		ret = visit_subsection(pfn, visit, arg);
		cond_resched();
	}
	return ret;
}

static int walk(pgtag_visit_t visit, void *arg, bool obeying)
{
	unsigned long section = pgtag_online_section(0);
	int ret = 0;

	while (!ret && section < NR_MEM_SECTIONS) {
		if (obeying && fatal_signal_pending(current))
			return -EINTR;
		ret = visit_section(section, visit, arg);
		section = pgtag_online_section(section + 1);
	}
	return ret;
}

/**
 * pgtag_walk - visit every online page
 * @visit: called for one subsection of them after the other; may not sleep;
 *	anything but 0 ends the walk
 * @arg: passed on
 *
 * Pages come and go, fold and split while this runs; @visit sees each as it
 * is at that moment.
 *
 * Context: process context, may sleep.
 * Return: what the last @visit returned, 0 after a whole walk, or -EINTR if a
 * fatal signal came.
 */
int pgtag_walk(pgtag_visit_t visit, void *arg)
{
	return walk(visit, arg, true);
}

/**
 * pgtag_walk_on - as pgtag_walk(), for what must be done: no signal ends it
 * @visit: as there
 * @arg: passed on
 *
 * Context: process context, may sleep.
 * Return: what the last @visit returned.
 */
int pgtag_walk_on(pgtag_visit_t visit, void *arg)
{
	return walk(visit, arg, false);
}
