// SPDX-License-Identifier: GPL-2.0
/*
 * The pages that were in use before profiling began: how many of each kind
 * there were, and how many are left. Tagged, earlier and free pages together
 * are the managed ones; so what is left is what has no tag and is not free.
 * Counting frees would not do: compaction takes pages that it then frees
 * without any allocation.
 */
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/seq_file.h>
#include <linux/vmstat.h>

#include <pgtag/inventory.h>
#include <pgtag/seen.h>
#include <pgtag/walk.h>

/* In pages. Those whose kind the memory map does not tell are "other". */
static struct inventory {
	unsigned long slab;
	unsigned long page_table;
	unsigned long anonymous;
	unsigned long file;
	unsigned long in_use;
} at_start;

struct machine {
	unsigned long managed;
	unsigned long reserved;
	unsigned long free;
};

/* Free pages that wait in the CPUs' lists are not in the zones' count. */
static unsigned long free_on_cpus(const struct zone *zone)
{
	unsigned long nr = 0;
	int cpu;

	for_each_online_cpu(cpu)
		nr += per_cpu_ptr(zone->per_cpu_pageset, cpu)->count;
	return nr;
}

static struct machine look(void)
{
	struct machine machine = { };
	struct pglist_data *pgdat;
	int nid, i;

	for_each_online_node(nid) {
		pgdat = NODE_DATA(nid);
		for (i = 0; i < MAX_NR_ZONES; i++) {
			struct zone *zone = &pgdat->node_zones[i];

			if (!populated_zone(zone))
				continue;
			machine.managed += zone_managed_pages(zone);
			machine.reserved += zone->present_pages -
					    zone_managed_pages(zone);
			machine.free += zone_page_state_snapshot(zone, NR_FREE_PAGES) +
					free_on_cpus(zone);
		}
	}
	return machine;
}

static __always_inline int count(struct page *page, unsigned long pfn, void *arg)
{
	struct inventory *inventory = arg;
	unsigned long nr = pgtag_pages_of(page);

	if (PageTail(page) || PageReserved(page))
		return 0;
	if (PageSlab(page))
		inventory->slab += nr;
	else if (PageTable(page))
		inventory->page_table += nr;
	else if (!page_count(page))
		return 0;
	else if (PageAnon(page))
		inventory->anonymous += nr;
	else if (page_folio(page)->mapping)
		inventory->file += nr;
	return 0;
}

static int count_each(struct page *page, unsigned long pfn, void *arg)
{
	return pgtag_each_page(page, pfn, arg, count);
}

/**
 * pgtag_inventory_take - count what is in use now
 *
 * Context: process context, may sleep; before pages are tagged, but for those
 * of ranges.
 * Return: 0, or -EINTR after a fatal signal.
 */
int pgtag_inventory_take(void)
{
	struct inventory now = { };
	struct machine machine;
	int ret = pgtag_walk(count_each, &now);

	if (ret)
		return ret;
	machine = look();
	now.in_use = machine.managed - machine.free;
	at_start = now;
	return 0;
}

static void line(struct seq_file *m, const char *key, unsigned long pages)
{
	seq_printf(m, "%s: %lu\n", key, pages * PAGE_SIZE);
}

/**
 * pgtag_inventory_in_use - bytes that are in use now
 *
 * Context: process context.
 */
u64 pgtag_inventory_in_use(void)
{
	struct machine machine = look();

	return (u64)(machine.managed - machine.free) * PAGE_SIZE;
}

/**
 * pgtag_inventory_show - print what was in use at the start and what is left
 * @m: where to
 * @tagged_bytes: what has a tag
 *
 * Context: process context; there are tags.
 */
void pgtag_inventory_show(struct seq_file *m, s64 tagged_bytes)
{
	unsigned long known = at_start.slab + at_start.page_table +
			      at_start.anonymous + at_start.file;
	unsigned long tagged = max(tagged_bytes, 0LL) / PAGE_SIZE;
	struct machine machine = look();
	unsigned long in_use = machine.managed - machine.free;

	line(m, "at start slab bytes", at_start.slab);
	line(m, "at start page table bytes", at_start.page_table);
	line(m, "at start anonymous bytes", at_start.anonymous);
	line(m, "at start file bytes", at_start.file);
	line(m, "at start other bytes",
	     at_start.in_use - min(at_start.in_use, known));
	line(m, "reserved bytes", machine.reserved);
	line(m, "managed bytes", machine.managed);
	line(m, "free bytes", machine.free);
	line(m, "earlier bytes", in_use - min(in_use, tagged));
	seq_printf(m, "coverage: %llu %%\n",
		   div64_u64(100ULL * tagged, max(in_use, 1UL)));
}
