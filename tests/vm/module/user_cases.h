/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cases of allocators that are built on pages.
 */
#ifndef PGTAG_TEST_USER_CASES_H
#define PGTAG_TEST_USER_CASES_H

#include "cases.h"

/* Ends with an entry that has no name. */
extern struct test_case user_cases[];

int init_user_cases(void);
void exit_user_cases(void);

#endif
