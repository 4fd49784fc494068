/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All cases at once, on all CPUs.
 */
#ifndef PGTAG_TEST_TORTURE_H
#define PGTAG_TEST_TORTURE_H

int torture(unsigned int seed, unsigned int units);

#endif
