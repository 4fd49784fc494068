// SPDX-License-Identifier: GPL-2.0
/*
 * The accounting rules over indices in the table, two bytes each.
 */
#include <linux/types.h>

#define PGTAG_ENTRY u16
#include <pgtag/index_table.h>

#define PGTAG_EVENTS pgtag_events_table
#include "rules.h"
