/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The files people read.
 */
#ifndef PGTAG_CONTROL_H
#define PGTAG_CONTROL_H

#include <pgtag/mode.h>

int pgtag_control_init(const struct pgtag_mode *mode);
void pgtag_control_exit(void);

#endif
