/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Work that is left to a thread of the kernel.
 */
#ifndef PGTAG_WORK_H
#define PGTAG_WORK_H

#include <linux/irq_work.h>
#include <linux/workqueue.h>

/**
 * struct pgtag_errand - work that any context may ask for
 * @order: asks for it, from where nothing can be queued
 * @work: the work
 */
struct pgtag_errand {
	struct irq_work order;
	struct delayed_work work;
};

/*
 * In an interrupt with PREEMPT_RT, too: the thread that it has for such work is not
 * there any more on a CPU that goes down while others still run there.
 */
#define PGTAG_ERRAND(name, function)					\
	struct pgtag_errand name = {					\
		.order = IRQ_WORK_INIT_HARD(pgtag_errand_ordered),	\
		.work = __DELAYED_WORK_INITIALIZER(name.work, function, 0), \
	}

int pgtag_work_init(void);
void pgtag_work_exit(void);
void pgtag_work_later(struct delayed_work *work, unsigned long delay);
void pgtag_errand_ordered(struct irq_work *order);
void pgtag_errand_send(struct pgtag_errand *errand);
void pgtag_errand_later(struct pgtag_errand *errand, unsigned long delay);
void pgtag_errand_cancel(struct pgtag_errand *errand);

#endif
