/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Modules that come and go.
 */
#ifndef PGTAG_MODULES_H
#define PGTAG_MODULES_H

int pgtag_modules_watch(void (*full)(void));
void pgtag_modules_unwatch(void);

#endif
