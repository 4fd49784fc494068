/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cases of slab objects.
 */
#ifndef PGTAG_TEST_OBJECT_CASES_H
#define PGTAG_TEST_OBJECT_CASES_H

#include "cases.h"

/* Ends with an entry that has no name. */
extern struct test_case object_cases[];

#endif
