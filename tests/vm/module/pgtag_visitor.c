// SPDX-License-Identifier: GPL-2.0
/*
 * A module whose pages outlive it: what it allocates at load, once in its core
 * and once in its init section, it gives to pgtag_test.
 *
 * A hundred more calls into the allocator are in it that are made only with
 * all=1; those pages are freed again.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "cases.h"

static unsigned int order = 1;
module_param(order, uint, 0444);
MODULE_PARM_DESC(order, "order of each of the two allocations");

static bool all;
module_param(all, bool, 0444);
MODULE_PARM_DESC(all, "make all calls");

static int give_away(struct page *page)
{
	int err;

	if (!page)
		return -ENOMEM;
	err = pgtag_test_keep(page, order);
	if (err)
		__free_pages(page, order);
	return err;
}

static noinline __used int pgtag_visitor_core(void)
{
	return give_away(alloc_pages(GFP_KERNEL, order));
}

static noinline __used int __init pgtag_visitor_start(void)
{
	return give_away(alloc_pages(GFP_KERNEL, order));
}

#define ONE	do { *page++ = alloc_pages(GFP_KERNEL, order); } while (0)
#define TEN	do { ONE; ONE; ONE; ONE; ONE; ONE; ONE; ONE; ONE; ONE; } while (0)

static noinline __used void pgtag_visitor_many(struct page **page)
{
	TEN; TEN; TEN; TEN; TEN; TEN; TEN; TEN; TEN; TEN;
}

static void call_many(void)
{
	struct page *pages[100];
	size_t i;

	pgtag_visitor_many(pages);
	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		if (pages[i])
			__free_pages(pages[i], order);
	}
}

static int __init pgtag_visitor_init(void)
{
	int err = pgtag_visitor_start();

	if (all)
		call_many();
	return err ? err : pgtag_visitor_core();
}
module_init(pgtag_visitor_init);

/* It has nothing left to undo, but may be removed. */
static void __exit pgtag_visitor_exit(void)
{
}
module_exit(pgtag_visitor_exit);

MODULE_DESCRIPTION("Allocates pages that outlive it");
MODULE_LICENSE("GPL");
