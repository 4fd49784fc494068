/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The pages that were in use before profiling began.
 */
#ifndef PGTAG_INVENTORY_H
#define PGTAG_INVENTORY_H

#include <linux/types.h>

struct seq_file;

int pgtag_inventory_take(void);
u64 pgtag_inventory_in_use(void);
void pgtag_inventory_show(struct seq_file *m, s64 tagged_bytes);

#endif
