// SPDX-License-Identifier: GPL-2.0
/*
 * A driver with a leak: a MiB a second, more than a system with nothing to do takes for
 * itself.
 */
#include <linux/gfp.h>
#include <linux/module.h>
#include <linux/workqueue.h>

#define PAGES	256

static void leak_some(struct work_struct *work);
static DECLARE_DELAYED_WORK(leak_work, leak_some);

static void leak_some(struct work_struct *work)
{
	int i;

	/* Nobody keeps what is returned: that is the leak. */
	for (i = 0; i < PAGES; i++)
		alloc_page(GFP_KERNEL);
	schedule_delayed_work(&leak_work, HZ);
}

static int __init leak_init(void)
{
	schedule_delayed_work(&leak_work, 0);
	return 0;
}

static void __exit leak_exit(void)
{
	cancel_delayed_work_sync(&leak_work);
}

module_init(leak_init);
module_exit(leak_exit);
MODULE_DESCRIPTION("leaks pages, to be found");
MODULE_LICENSE("GPL");
