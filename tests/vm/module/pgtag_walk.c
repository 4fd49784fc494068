// SPDX-License-Identifier: GPL-2.0
/*
 * Walk all online pages and say in how many of them page->flags is not as the
 * kernel alone leaves it while NUMA balancing is off:
 *
 *	pgtag_walk: pages N nodes N cpupid-set N unused-set N
 *
 * cpupid-set counts pages whose last cpupid is not "unset" (all ones),
 * unused-set those with a bit set that no field and no flag claims. The widths
 * are the kernel's own macros and not pgtag_compress's idea of them. With
 * values=1 a line for each value that is in use goes before, of the last cpupid
 * or, in a kernel that has none, of the unused bits:
 *
 *	pgtag_walk: value 0xN heads N
 *
 * The module does its work at load and then refuses to stay, so that nobody has
 * to remove it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/nodemask.h>
#include <linux/sched.h>
#include <linux/vmalloc.h>

#include "compat.h"

static bool values;
module_param(values, bool, 0444);
MODULE_PARM_DESC(values, "print how many pages have each value of the field");

struct tally {
	u32 *heads;	/* by value, where that was asked for */
	unsigned long pages;
	unsigned long cpupid_set;
	unsigned long unused_set;
};

#ifdef LAST_CPUPID_NOT_IN_PAGE_FLAGS
#define CPUPID_MASK 0UL
#else
#define CPUPID_MASK LAST_CPUPID_MASK
#endif

/* The flags fill the word from below, LRU_REFS is the lowest of the fields. */
#define UNUSED_MASK ((1UL << (LRU_REFS_PGOFF - NR_PAGEFLAGS)) - 1)

#define VALUES ((CPUPID_MASK ?: UNUSED_MASK) + 1)
#define VALUE_NULL CPUPID_MASK

static unsigned long cpupid(unsigned long flags)
{
	return (flags >> LAST_CPUPID_PGSHIFT) & CPUPID_MASK;
}

static unsigned long unused(unsigned long flags)
{
	return (flags >> NR_PAGEFLAGS) & UNUSED_MASK;
}

static unsigned long value(unsigned long flags)
{
	return CPUPID_MASK ? cpupid(flags) : unused(flags);
}

static void walk_page(struct page *page, struct tally *tally)
{
	unsigned long flags;

	/* Only heads belong to an allocation. */
	if (PageTail(page))
		return;

	flags = page_flags_word(page);
	tally->pages++;
	tally->cpupid_set += cpupid(flags) != CPUPID_MASK;
	tally->unused_set += unused(flags) != 0;
	if (tally->heads)
		tally->heads[value(flags)]++;
}

static void walk_node(int nid, struct tally *tally)
{
	unsigned long pfn;

	for (pfn = node_start_pfn(nid); pfn < node_end_pfn(nid); pfn++) {
		struct page *page = pfn_to_online_page(pfn);

		/* The ranges of two nodes may overlap. */
		if (page && page_to_nid(page) == nid)
			walk_page(page, tally);
		cond_resched();
	}
}

static void print_values(const struct tally *tally)
{
	unsigned long value;

	for (value = 0; value < VALUES; value++)
		if (value != VALUE_NULL && tally->heads[value])
			pr_info("value %#lx heads %u\n", value,
				tally->heads[value]);
}

static int __init pgtag_walk_init(void)
{
	struct tally tally = {};
	int nid;

	if (values) {
		tally.heads = vcalloc(VALUES, sizeof(*tally.heads));
		if (!tally.heads)
			return -ENOMEM;
	}

	for_each_online_node(nid)
		walk_node(nid, &tally);

	if (values)
		print_values(&tally);
	vfree(tally.heads);
	pr_info("pages %lu nodes %d cpupid-set %lu unused-set %lu\n",
		tally.pages, num_online_nodes(), tally.cpupid_set,
		tally.unused_set);
	return -EAGAIN;
}
module_init(pgtag_walk_init);

MODULE_DESCRIPTION("Checks page->flags of all online pages");
MODULE_LICENSE("GPL");
