// SPDX-License-Identifier: GPL-2.0
/*
 * The field of page->flags that holds the indices: found, proven free, and
 * given back as it was.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mmzone.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>

#include <pgtag/storage.h>
#include <pgtag/walk.h>

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
 * pgtag_storage_find - find bits for the indices in this kernel's layout
 * @balancing: NUMA balancing is on
 *
 * Fills in pgtag_layout and pgtag_field and writes to no page.
 *
 * Return: 0, -EBUSY or -ENOSPC as pgtag_field_choose(), -EINVAL if the
 * layout computed here is not the kernel's. Errors have been explained.
 */
int pgtag_storage_find(bool balancing)
{
	struct pgtag_widths widths = pgtag_kernel_widths();
	int ret;

	if (pgtag_layout_compute(&pgtag_layout, &widths) ||
	    !pgtag_kernel_agrees(&pgtag_layout)) {
		pr_err("the layout of page->flags is not the one of this kernel's headers: not loaded\n");
		return -EINVAL;
	}
	ret = pgtag_field_choose(&pgtag_field, &pgtag_layout, balancing);
	if (!ret)
		pgtag_outlives_free = pgtag_field_borrowed(&pgtag_field) ?
				      __PG_HWPOISON : pgtag_field.bits;
	if (ret == -EBUSY)
		pr_err("NUMA balancing is on and uses the %u bits of page->flags the tags would be kept in: not loaded. Switch it off first (sysctl kernel.numa_balancing=0)\n",
		       pgtag_layout.width[PGTAG_PART_LAST_CPUPID]);
	if (ret == -ENOSPC)
		pr_err("page->flags has %u unused bits%s and %u of LAST_CPUPID, %lu indices are needed: not loaded\n",
		       pgtag_layout.width[PGTAG_PART_UNUSED],
		       pgtag_layout.unused_taken ? " (taken by the kernel's own profiling)" : "",
		       pgtag_layout.width[PGTAG_PART_LAST_CPUPID],
		       PGTAG_MIN_INDICES);
	return ret;
}

static int refuse_set(struct page *page, unsigned long pfn, void *arg)
{
	if (!pgtag_index_present(page))
		return 0;
	pr_err("pfn %#lx has bits set that no field of page->flags claims: not loaded\n",
	       pfn);
	return -EBUSY;
}

static int reset(struct page *page, unsigned long pfn, void *arg)
{
	unsigned long *found = arg;

	if (!pgtag_index_present(page))
		return 0;
	(*found)++;
	if (pgtag_field_borrowed(&pgtag_field))
		atomic_long_or(pgtag_field.bits, pgtag_page_flags(page));
	else
		atomic_long_andnot(pgtag_field.bits, pgtag_page_flags(page));
	return 0;
}

/*
 * Make every field read NULL, for good. The kernel writes page->flags without
 * atomics where it owns a page: a path that read the word before our write
 * may put the old field back after it. Once every task has been scheduled
 * since, no such path is left, so the walk that follows is the last one
 * needed.
 */
static void reset_all(void)
{
	unsigned long found = 0;

	pgtag_walk(reset, &found);
	if (!found)
		return;
	synchronize_rcu_tasks();
	pgtag_walk(reset, &found);
}

/**
 * pgtag_storage_claim - make sure that every page reads NULL
 *
 * Unused bits must be zero already: something that uses them without saying
 * so must not be trampled on. The borrowed field may hold what NUMA balancing
 * left there when it was on.
 *
 * Context: process context, may sleep. For the borrowed field the guards are
 * up.
 * Return: 0, or -EBUSY, explained in the log.
 */
int pgtag_storage_claim(void)
{
	if (!pgtag_field_borrowed(&pgtag_field))
		return pgtag_walk(refuse_set, NULL);
	reset_all();
	return 0;
}

/**
 * pgtag_storage_release - leave every page as the kernel had it
 *
 * Context: process context, may sleep. No hook runs any more, the guards are
 * still up.
 */
void pgtag_storage_release(void)
{
	reset_all();
}
