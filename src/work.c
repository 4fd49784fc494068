// SPDX-License-Identifier: GPL-2.0
/*
 * Work that is left to a thread of the kernel. It may walk the whole memory map or
 * add up all counters, for which the kernel's own queues are not made: what else is
 * to be done on that CPU would wait.
 */
#include <linux/errno.h>
#include <linux/workqueue.h>

#include <pgtag/work.h>

static struct workqueue_struct *queue;

/**
 * pgtag_work_init - make the queue
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int pgtag_work_init(void)
{
	queue = alloc_workqueue("pgtag", WQ_UNBOUND, 0);
	return queue ? 0 : -ENOMEM;
}

/**
 * pgtag_work_exit - take it away
 *
 * Context: process context, may sleep. Nobody gives it work any more.
 */
void pgtag_work_exit(void)
{
	if (queue)
		destroy_workqueue(queue);
	queue = NULL;
}

/**
 * pgtag_work_now - have some work done as soon as can be
 * @work: the work
 *
 * Context: any but NMI.
 */
void pgtag_work_now(struct work_struct *work)
{
	queue_work(queue, work);
}

/**
 * pgtag_work_later - have some work done after a while, counted from now
 * @work: the work
 * @delay: in jiffies
 *
 * Context: any but NMI.
 */
void pgtag_work_later(struct delayed_work *work, unsigned long delay)
{
	mod_delayed_work(queue, work, delay);
}
