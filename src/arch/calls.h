/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Direct calls in machine code. An architecture gives
 *
 *	PGTAG_CODE_ALIGN	instructions begin at multiples of this
 *	PGTAG_FUNCTION_ALIGN	functions do
 *	PGTAG_CALL_SIZE		bytes of a call
 *	pgtag_call_target(ip)	the function that is called at ip, 0 if there is no call
 */
#ifndef PGTAG_ARCH_ANY_CALLS_H
#define PGTAG_ARCH_ANY_CALLS_H

#include <shim/require.h>

#ifdef CONFIG_X86_64
#include "x86/calls.h"
#endif
#ifdef CONFIG_ARM64
#include "arm64/calls.h"
#endif

#endif
