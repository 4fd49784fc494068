/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Modules whose code goes away.
 */
#ifndef PGTAG_MODULES_H
#define PGTAG_MODULES_H

int pgtag_modules_watch(void);
void pgtag_modules_unwatch(void);

#endif
