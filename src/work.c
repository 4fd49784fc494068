// SPDX-License-Identifier: GPL-2.0
/*
 * Work that is left to a thread of the kernel. It may walk the whole memory map or
 * add up all counters, for which the kernel's own queues are not made: what else is
 * to be done on that CPU would wait.
 */
#include <linux/errno.h>
#include <linux/rcupdate.h>
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

/* The interrupt in which work can be queued. */
void pgtag_errand_ordered(struct irq_work *order)
{
	pgtag_work_later(&container_of(order, struct pgtag_errand, order)->work, 0);
}

/**
 * pgtag_errand_send - have some work done as soon as can be
 * @errand: the work
 *
 * Context: any.
 */
void pgtag_errand_send(struct pgtag_errand *errand)
{
	irq_work_queue(&errand->order);
}

/**
 * pgtag_errand_later - have some work done after a while, counted from now
 * @errand: the work
 * @delay: in jiffies
 *
 * Context: any but NMI.
 */
void pgtag_errand_later(struct pgtag_errand *errand, unsigned long delay)
{
	pgtag_work_later(&errand->work, delay);
}

/**
 * pgtag_errand_cancel - wait for what was asked for, or have it not done
 * @errand: the work, which may ask for itself; nobody else does any more
 *
 * Context: process context, may sleep.
 */
void pgtag_errand_cancel(struct pgtag_errand *errand)
{
	irq_work_sync(&errand->order);
	/* If it was asked for twice, that waits for one of two interrupts. */
	synchronize_rcu();
	cancel_delayed_work_sync(&errand->work);
}
