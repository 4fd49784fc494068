/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters of each CPU, which may as well be another CPU's. In any context, whether or not
 * it can be interrupted or moved to another CPU. An architecture gives this, in as few
 * instructions as it has for that:
 *
 *	pgtag_percpu_add(var, value)	add to a counter of 64 bits
 *	pgtag_percpu_dec_is_spent(var)	take one from an int; is nothing left?
 */
#ifndef PGTAG_PERCPU_H
#define PGTAG_PERCPU_H

#ifdef CONFIG_X86_64
#include "x86/percpu.h"
#endif
#ifdef CONFIG_ARM64
#include "arm64/percpu.h"
#endif

#endif
