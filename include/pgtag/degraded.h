/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is not as it could be, and what to do about it.
 */
#ifndef PGTAG_DEGRADED_H
#define PGTAG_DEGRADED_H

#include <linux/types.h>

struct seq_file;

unsigned long pgtag_degraded_tell(struct seq_file *m, bool any_tags);
void pgtag_degraded_show(struct seq_file *m, unsigned long degraded);

#endif
