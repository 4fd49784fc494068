// SPDX-License-Identifier: GPL-2.0
/*
 * The field of page->flags that holds the indices: found, proven free, and
 * given back as it was.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>

#include <pgtag/events.h>
#include <pgtag/index_flags.h>
#include <pgtag/storage.h>
#include <pgtag/walk.h>
#include <arch/word.h>

struct pgtag_layout pgtag_layout;
struct pgtag_field pgtag_field __read_mostly;

/*
 * The bits of page->flags that tell, in a tagged page that is freed, that its
 * field will not be reset by the kernel. A poisoned page of order 0 stays out
 * of the free lists, and the kernel leaves before it resets the borrowed
 * field. Unused bits are nobody's to reset but ours, and some are set.
 */
unsigned long pgtag_outlives_free __read_mostly;

/**
 * pgtag_field_find - find bits for the indices in this kernel's layout
 * @asked: which bits were asked for
 * @balancing: NUMA balancing is on
 * @bits: use no more bits than these, 0 for all there are
 *
 * Fills in pgtag_layout and pgtag_field and writes to no page.
 *
 * Return: 0, -EBUSY or -ENOSPC as pgtag_field_choose(), -EINVAL if the
 * layout computed here is not the kernel's.
 */
int pgtag_field_find(enum pgtag_bits_of asked, bool balancing,
		     unsigned int bits)
{
	struct pgtag_widths widths = pgtag_kernel_widths();
	int ret;

	if (pgtag_layout_compute(&pgtag_layout, &widths) ||
	    !pgtag_kernel_agrees(&pgtag_layout))
		return -EINVAL;
	ret = pgtag_field_choose(&pgtag_field, &pgtag_layout, asked,
				 balancing);
	if (ret)
		return ret;
	pgtag_field_narrow(&pgtag_field, bits);
	pgtag_outlives_free = pgtag_field_borrowed(&pgtag_field) ?
			      __PG_HWPOISON : pgtag_field.bits;
	return 0;
}

/**
 * pgtag_field_missing - why there is no field
 * @error: from pgtag_field_find()
 * @asked: which bits were asked for
 *
 * Context: process context; the text stands until the next call.
 */
const char *pgtag_field_missing(int error, enum pgtag_bits_of asked)
{
	static char text[160];

	if (error == -EBUSY)
		return "NUMA balancing is on and uses the bits of page->flags that could hold tags";
	if (error == -EINVAL)
		return "the layout of page->flags is not the one of this kernel's headers";
	scnprintf(text, sizeof(text),
		  "page->flags has %u unused bits%s and %u of LAST_CPUPID, %lu indices are needed",
		  pgtag_layout.width[PGTAG_PART_UNUSED],
		  pgtag_layout.unused_taken ?
			" (taken by the kernel's own profiling)" : "",
		  pgtag_layout.width[PGTAG_PART_LAST_CPUPID],
		  pgtag_field_least(asked));
	return text;
}

/**
 * pgtag_field_remedy - what to do about it
 * @error: from pgtag_field_find()
 *
 * Context: process context.
 */
const char *pgtag_field_remedy(int error)
{
	switch (error) {
	case -EBUSY:
		return "switch it off (sysctl kernel.numa_balancing=0) and load the module again";
	case -EINVAL:
		return "build the module with the headers of the kernel that runs";
	default:
		return "only a kernel with another configuration has more";
	}
}

static __always_inline int refuse_set(struct page *page, unsigned long pfn, void *arg)
{
	if (pgtag_place_empty(pgtag_place(page)))
		return 0;
	pr_err("pfn %#lx has bits set that no field of page->flags claims: not loaded\n",
	       pfn);
	return -EBUSY;
}

/*
 * Where the kernel makes a part of the memory map anew, tail pages read all bits.
 * Of those there are many, and none is of our making.
 */
static bool remade_tail(struct page *page)
{
	return pgtag_place_get(pgtag_place(page)) == pgtag_field.mask && PageTail(page);
}

static int refuse_each(struct page *page, unsigned long pfn, void *arg)
{
	return pgtag_each_page(page, pfn, arg, refuse_set);
}

/*
 * Nobody asks the page's owner. So it may become part of a hugetlb page just
 * now, and its part of the memory map be given back and mapped read-only, which
 * is why the writes here may fail. What is mapped there instead is either the
 * beginning of that part, which has been visited, or nothing of ours.
 */
static __always_inline int reset(struct page *page, unsigned long pfn, void *arg)
{
	unsigned long *found = arg;

	if (pgtag_place_empty(pgtag_place(page)) || remade_tail(page))
		return 0;
	(*found)++;
	if (pgtag_field_borrowed(&pgtag_field))
		pgtag_try_or(pgtag_page_flags(page), pgtag_field.bits);
	else
		pgtag_try_andnot(pgtag_page_flags(page), pgtag_field.bits);
	return 0;
}

static int reset_each(struct page *page, unsigned long pfn, void *arg)
{
	return pgtag_each_page(page, pfn, arg, reset);
}

/*
 * Make every field read NULL, for good. The kernel writes page->flags without
 * atomics where it owns a page: a path that read the word before our write
 * may put the old field back after it. Once every task has been scheduled
 * since, no such path is left, so the walk that follows is the last one
 * needed.
 */
static int reset_all(int (*walk)(pgtag_visit_t visit, void *arg))
{
	unsigned long found = 0;
	int ret = walk(reset_each, &found);

	if (ret || !found)
		return ret;
	synchronize_rcu_tasks();
	return walk(reset_each, &found);
}

/*
 * Unused bits must be zero already: something that uses them without saying
 * so must not be trampled on. The borrowed field may hold what NUMA balancing
 * left there when it was on; its guards are up.
 */
static int claim(void)
{
	if (!pgtag_field_borrowed(&pgtag_field))
		return pgtag_walk(refuse_each, NULL);
	return reset_all(pgtag_walk);
}

static void release(void)
{
	reset_all(pgtag_walk_on);
}

/* The last index with the mark would read as what the kernel has made anew. */
static unsigned long indices(void)
{
	return pgtag_field.mark - 1;
}

static u32 mark(void)
{
	return pgtag_index_mark();
}

static u32 get(struct page *page)
{
	return pgtag_place_get(pgtag_place(page));
}

/* Its owner is gone: memory that went offline. */
static void clear(struct page *page)
{
	unsigned long found = 0;

	reset(page, page_to_pfn(page), &found);
}

static void show(struct seq_file *m)
{
	seq_printf(m, "field: %s%s, shift %u, width %u\n",
		   pgtag_part_name(pgtag_field.part),
		   pgtag_field_borrowed(&pgtag_field) ? " (borrowed)" : "",
		   pgtag_field.shift, pgtag_field.width);
}

const struct pgtag_storage pgtag_storage_flags = {
	.name = "flags",
	.events = &pgtag_events_flags,
	.indices = indices,
	.mark = mark,
	.claim = claim,
	.release = release,
	.get = get,
	.clear = clear,
	.show = show,
};
