/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Work that is left to a thread of the kernel.
 */
#ifndef PGTAG_WORK_H
#define PGTAG_WORK_H

struct delayed_work;
struct work_struct;

int pgtag_work_init(void);
void pgtag_work_exit(void);
void pgtag_work_now(struct work_struct *work);
void pgtag_work_later(struct delayed_work *work, unsigned long delay);

#endif
