// SPDX-License-Identifier: GPL-2.0
/*
 * The accounting rules over indices in the table, four bytes each.
 */
#include <linux/types.h>

#define PGTAG_ENTRY u32
#include <pgtag/index_table.h>

#define PGTAG_EVENTS pgtag_events_wide_table
#include "rules.h"
