// SPDX-License-Identifier: GPL-2.0
/*
 * Wakes the machine from suspend to idle, some seconds after it was loaded. What
 * would do that otherwise is not to be had in a guest: the alarm of QEMU's clock
 * is an event only for a machine that sleeps deeply.
 */
#include <linux/module.h>
#include <linux/suspend.h>
#include <linux/workqueue.h>

static unsigned int seconds = 3;
module_param(seconds, uint, 0444);
MODULE_PARM_DESC(seconds, "when to wake the machine");

static void wake(struct work_struct *work)
{
	pm_system_wakeup();
}

static DECLARE_DELAYED_WORK(waker, wake);

static int __init pgtag_waker_init(void)
{
	schedule_delayed_work(&waker, seconds * HZ);
	return 0;
}
module_init(pgtag_waker_init);

static void __exit pgtag_waker_exit(void)
{
	cancel_delayed_work_sync(&waker);
}
module_exit(pgtag_waker_exit);

MODULE_DESCRIPTION("Wakes the machine from suspend to idle");
MODULE_LICENSE("GPL");
