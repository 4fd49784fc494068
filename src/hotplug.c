// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that comes and goes while pages are tagged.
 *
 * New memory needs a place for its indices before its first page is handed
 * out. Memory that goes takes its part of the memory map with it, after those
 * who walk there have left, and the tags of its pages.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/memory.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/notifier.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include <pgtag/hotplug.h>
#include <pgtag/storage.h>
#include <pgtag/tags.h>

static const struct pgtag_storage *storage;

static int make_room(unsigned long section, unsigned long end)
{
	return storage->online ? storage->online(section, end) : 0;
}

/*
 * A compound page is as large as it says. Any other block has its pieces marked,
 * and is aligned to its size, so that the lowest bit of a piece's pfn is the
 * size of that; what they leave of the block is its first page.
 */
static void uncharge(struct page *page, unsigned long pfn)
{
	u32 index = storage->get(page);
	u32 marked = index ^ storage->mark();

	if (pgtag_index_valid(index))
		pgtag_charge(index, -compound_nr(page), -1);
	else if (pgtag_index_valid(marked))
		pgtag_charge(marked, -(1L << __ffs(pfn)), 0);
	else
		return;
	storage->clear(page);
}

/*
 * Not every page of memory that goes offline has been freed: one that is broken
 * has not, nor what a hypervisor took back. They are online no longer, but
 * their part of the memory map is still there, and nobody uses them.
 */
static void forget(unsigned long pfn, unsigned long nr)
{
	unsigned long end = pfn + nr;

	for (; pfn < end; pfn++) {
		uncharge(pfn_to_page(pfn), pfn);
		if (!(pfn % PAGES_PER_SUBSECTION))
			cond_resched();
	}
}

static int on_memory(struct notifier_block *block, unsigned long action,
		     void *data)
{
	const struct memory_notify *range = data;
	unsigned long section = pfn_to_section_nr(range->start_pfn);
	unsigned long end = section + DIV_ROUND_UP(range->nr_pages,
						   PAGES_PER_SECTION);
	int ret = 0;

	switch (action) {
	case MEM_GOING_ONLINE:
		ret = make_room(section, end);
		break;
	case MEM_ONLINE:
		/* It may have begun to come before it was watched. */
		if (make_room(section, end))
			pr_warn("no memory for the tags of sections %lu to %lu: their pages get none\n",
				section, end - 1);
		break;
	case MEM_OFFLINE:
		forget(range->start_pfn, range->nr_pages);
		fallthrough;
	case MEM_CANCEL_ONLINE:
		/* See pgtag_walk(). */
		synchronize_rcu();
		if (storage->offline)
			storage->offline(section, end);
	}
	return notifier_from_errno(ret);
}

static struct notifier_block watcher = { .notifier_call = on_memory };

/**
 * pgtag_hotplug_watch - begin to follow memory
 * @used: the storage that makes room for it
 *
 * Context: process context, may sleep; before the storage is claimed, so that
 * no memory comes unseen.
 * Return: 0 or a negative error.
 */
int pgtag_hotplug_watch(const struct pgtag_storage *used)
{
	storage = used;
	return register_memory_notifier(&watcher);
}

/**
 * pgtag_hotplug_unwatch - no more
 *
 * Context: process context, may sleep; nobody walks the memory map any more.
 */
void pgtag_hotplug_unwatch(void)
{
	unregister_memory_notifier(&watcher);
}
