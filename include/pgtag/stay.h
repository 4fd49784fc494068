/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What happens if the kernel will not let go of this module's code.
 */
#ifndef PGTAG_STAY_H
#define PGTAG_STAY_H

#include <linux/types.h>

void pgtag_stay(const char *function, int error);
bool pgtag_stays(void);
void pgtag_stay_for_ever(void);

#endif
