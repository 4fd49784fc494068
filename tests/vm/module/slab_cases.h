/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cases of the slab allocator.
 */
#ifndef PGTAG_TEST_SLAB_CASES_H
#define PGTAG_TEST_SLAB_CASES_H

#include "cases.h"

/* Ends with an entry that has no name. */
extern struct test_case slab_cases[];

#endif
