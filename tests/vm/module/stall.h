/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keeping a task asleep in the middle of an allocation.
 */
#ifndef PGTAG_TEST_STALL_H
#define PGTAG_TEST_STALL_H

struct task_struct;

void stall_victim(struct task_struct *task);
int init_stall(void);
void exit_stall(void);

#endif
