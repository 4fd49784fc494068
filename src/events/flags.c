// SPDX-License-Identifier: GPL-2.0
/*
 * The accounting rules over indices in page->flags.
 */
#include <pgtag/index_flags.h>

#define PGTAG_EVENTS pgtag_events_flags
#include "rules.h"
