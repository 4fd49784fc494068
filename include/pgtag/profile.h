/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Profiling as a whole: started, stopped, its state.
 */
#ifndef PGTAG_PROFILE_H
#define PGTAG_PROFILE_H

#include <pgtag/mode.h>

int pgtag_profile_start(void);
void pgtag_profile_stop(void);
bool pgtag_profile_running(void);

#endif
