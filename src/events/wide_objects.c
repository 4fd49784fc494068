// SPDX-License-Identifier: GPL-2.0
/*
 * The accounting rules of slab objects, with cells of four bytes.
 */
#include <linux/types.h>

#define PGTAG_CELL	u32
#define PGTAG_EVENTS	pgtag_events_wide_objects
#include "objects.h"
