/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What was allocated in all and the most that was in use, by tag: see src/totals.c.
 */
#ifndef PGTAG_TOTALS_H
#define PGTAG_TOTALS_H

#include <linux/fs.h>

#include <pgtag/counters.h>

/**
 * struct pgtag_past - what became of a tag since it came, or since the last reset
 * @in_use: what it owns
 * @made: what was allocated in all
 * @peak: the most that was seen in use: pages, or bytes of objects
 */
struct pgtag_past {
	struct pgtag_counter in_use;
	struct pgtag_counter made;
	s64 peak;
};

int pgtag_totals_init(u32 end);
int pgtag_totals_add(void);
void pgtag_totals_exit(void);
bool pgtag_totals_on(void);
struct pgtag_past pgtag_totals_read(u32 index);
void pgtag_totals_reset(u32 index);
unsigned long pgtag_totals_rounds(void);
size_t pgtag_totals_memory(void);

extern const struct file_operations pgtag_totals_fops;

#endif
