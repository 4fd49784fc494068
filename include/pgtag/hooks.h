/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hooks that are attached to the running kernel.
 */
#ifndef PGTAG_HOOKS_H
#define PGTAG_HOOKS_H

#include <linux/types.h>

struct seq_file;

enum pgtag_hook_group {
	PGTAG_HOOKS_FOLLOW,	/* pages that have a tag */
	/* Pages that are to get one: */
	PGTAG_HOOKS_RANGES,	/* many at once */
	PGTAG_HOOKS_EVENTS,	/* one allocation, by its trace event */
	PGTAG_HOOKS_FUNCTIONS,	/* the same, by its functions */
	PGTAG_HOOKS_HELD,	/* slab objects that have a tag */
	PGTAG_HOOKS_OBJECTS,	/* those that are to get one */
};

int pgtag_hooks_attach(enum pgtag_hook_group group,
		       const void *events);
void pgtag_hooks_pause(enum pgtag_hook_group group);
void pgtag_hooks_detach(enum pgtag_hook_group group);
void pgtag_hooks_show(struct seq_file *m);
const char *pgtag_hooks_lost(size_t *next);
unsigned long pgtag_hooks_missed(void);

#endif
