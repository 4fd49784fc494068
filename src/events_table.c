// SPDX-License-Identifier: GPL-2.0
/*
 * The accounting rules over indices in the table.
 */
#include <pgtag/index_table.h>

#define PGTAG_EVENTS pgtag_events_table
#include "events.c"
