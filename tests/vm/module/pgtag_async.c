// SPDX-License-Identifier: GPL-2.0
/*
 * A module whose init section still runs when it is live: a function in it that
 * was scheduled to run asynchronously allocates a page, which it gives to
 * pgtag_test.
 */
#include <linux/async.h>
#include <linux/delay.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "cases.h"

static noinline void __init pgtag_async_late(void *data, async_cookie_t cookie)
{
	struct page *page;

	/* The notifiers of a module that is live do not take so long. */
	msleep(500);
	page = alloc_pages(GFP_KERNEL, 0);
	if (page && pgtag_test_keep(page, 0))
		__free_pages(page, 0);
}

static int __init pgtag_async_init(void)
{
	async_schedule(pgtag_async_late, NULL);
	return 0;
}
module_init(pgtag_async_init);

/* It has nothing left to undo, but may be removed. */
static void __exit pgtag_async_exit(void)
{
}
module_exit(pgtag_async_exit);

MODULE_DESCRIPTION("Allocates in its init section when it is live");
MODULE_LICENSE("GPL");
