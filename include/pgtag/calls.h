/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Direct calls in a piece of code.
 */
#ifndef PGTAG_CALLS_H
#define PGTAG_CALLS_H

#include <linux/types.h>

u32 pgtag_count_api_calls(unsigned long start, unsigned long end);

#endif
