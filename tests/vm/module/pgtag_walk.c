// SPDX-License-Identifier: GPL-2.0
/*
 * Walk every page there is, tail pages and device memory too, and say in how many
 * of them page->flags is not as the kernel alone leaves it while NUMA balancing is
 * off:
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
 * Memory that is not online is left out, for it may never have been, and its part
 * of the memory map be nothing yet. With offline=1 it is not.
 *
 * The module does its work at load and then refuses to stay, so that nobody has
 * to remove it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/module.h>
#include <linux/nodemask.h>
#include <linux/sched.h>
#include <linux/vmalloc.h>

#include "compat.h"

static bool values;
module_param(values, bool, 0444);
MODULE_PARM_DESC(values, "print how many pages have each value of the field");

static bool offline;
module_param(offline, bool, 0444);
MODULE_PARM_DESC(offline, "look at memory that is offline, all of which has been online");

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

/*
 * The kernel shares one page of the memory map between hugetlb pages, whose tails
 * have a last cpupid of zero there.
 */
static bool shared_tail(struct page *page, unsigned long flags)
{
	return PageTail(page) && !cpupid(flags);
}

static void walk_page(struct page *page, struct tally *tally)
{
	unsigned long flags = page_flags_word(page);

	tally->pages++;
	tally->cpupid_set += cpupid(flags) != CPUPID_MASK &&
			     !shared_tail(page, flags);
	tally->unused_set += unused(flags) != 0;
	/* Only heads belong to an allocation. */
	if (tally->heads && !PageTail(page))
		tally->heads[value(flags)]++;
}

/* Memory that is not of the system belongs to a device. */
static bool worth_a_walk(unsigned long section)
{
	phys_addr_t start = PFN_PHYS(section_nr_to_pfn(section));

	return online_section_nr(section) || offline ||
	       region_intersects(start, PAGES_PER_SECTION << PAGE_SHIFT,
				 IORESOURCE_SYSTEM_RAM,
				 IORES_DESC_NONE) == REGION_DISJOINT;
}

static void walk_section(unsigned long section, struct tally *tally)
{
	unsigned long pfn = section_nr_to_pfn(section);
	unsigned long end = pfn + PAGES_PER_SECTION;

	for (; pfn < end; pfn++) {
		if (pfn_valid(pfn))
			walk_page(pfn_to_page(pfn), tally);
		cond_resched();
	}
}

static void walk_sections(struct tally *tally)
{
	unsigned long section = 0;

	while (section < NR_MEM_SECTIONS) {
		if (!__nr_to_section(section)) {
			section = round_up(section + 1, SECTIONS_PER_ROOT);
			continue;
		}
		if (present_section_nr(section) && worth_a_walk(section))
			walk_section(section, tally);
		section++;
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

	if (values) {
		tally.heads = vcalloc(VALUES, sizeof(*tally.heads));
		if (!tally.heads)
			return -ENOMEM;
	}

	walk_sections(&tally);
	if (values)
		print_values(&tally);
	vfree(tally.heads);
	pr_info("pages %lu nodes %d cpupid-set %lu unused-set %lu\n",
		tally.pages, num_online_nodes(), tally.cpupid_set,
		tally.unused_set);
	return -EAGAIN;
}
module_init(pgtag_walk_init);

MODULE_DESCRIPTION("Checks page->flags of every page");
MODULE_LICENSE("GPL");
