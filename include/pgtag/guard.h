/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keeping the borrowed field: nobody else writes it, NUMA balancing stays off.
 */
#ifndef PGTAG_GUARD_H
#define PGTAG_GUARD_H

#include <linux/types.h>

struct seq_file;

int pgtag_guard_up(void);
void pgtag_guard_down(void);
int pgtag_balancing_on(bool *on);
void pgtag_guard_show(struct seq_file *m);

#endif
