/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hooks that are attached to the running kernel.
 */
#ifndef PGTAG_HOOKS_H
#define PGTAG_HOOKS_H

struct seq_file;

int pgtag_hooks_attach(void);
void pgtag_hooks_detach(void);
void pgtag_hooks_show(struct seq_file *m);

#endif
