/* SPDX-License-Identifier: GPL-2.0 */
/*
 * On which NUMA nodes the pages of each tag are.
 */
#ifndef PGTAG_NUMA_H
#define PGTAG_NUMA_H

#include <pgtag/counters.h>

struct pgtag_numa;
struct seq_file;

struct pgtag_numa *pgtag_numa_take(void);
void pgtag_numa_free(struct pgtag_numa *numa);
void pgtag_numa_show_header(struct seq_file *m, const struct pgtag_numa *numa);
bool pgtag_numa_has(const struct pgtag_numa *numa, u32 index);
struct pgtag_sum pgtag_numa_sum(const struct pgtag_numa *numa, u32 index);
void pgtag_numa_show(struct seq_file *m, const struct pgtag_numa *numa, u32 index);

#endif
