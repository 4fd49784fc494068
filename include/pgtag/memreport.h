/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sites that hold most, in the kernel's memory report.
 */
#ifndef PGTAG_MEMREPORT_H
#define PGTAG_MEMREPORT_H

struct seq_file;

void pgtag_memreport_init(void);
void pgtag_memreport_exit(void);
bool pgtag_memreport_missing(void);
void pgtag_memreport_show(struct seq_file *m);

#endif
