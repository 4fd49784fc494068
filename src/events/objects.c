// SPDX-License-Identifier: GPL-2.0
/*
 * The accounting rules of slab objects, with cells of two bytes.
 */
#include <linux/types.h>

#define PGTAG_CELL	u16
#define PGTAG_EVENTS	pgtag_events_objects
#include "objects.h"
