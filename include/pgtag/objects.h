/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Slab objects are tagged, too, if that was asked for.
 */
#ifndef PGTAG_OBJECTS_H
#define PGTAG_OBJECTS_H

#include <linux/types.h>

struct seq_file;

int pgtag_objects_start(u32 end);
void pgtag_objects_stop(void);
int pgtag_objects_begin(void);
void pgtag_objects_pause(void);
void pgtag_objects_end(void);
bool pgtag_objects_on(void);
void pgtag_objects_show(struct seq_file *m);

#endif
