/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pointer authentication of arm64: a return address on the stack without its
 * signature. Up to 6.3 the kernel has one name for its own and a program's.
 */
#ifndef PGTAG_SHIM_PAC_H
#define PGTAG_SHIM_PAC_H

#include <linux/compiler.h>

#include <asm/pointer_auth.h>

#ifdef ptrauth_strip_kernel_insn_pac
#define pgtag_strip_pac(ip)	ptrauth_strip_kernel_insn_pac(ip)
#else
#define pgtag_strip_pac(ip)	ptrauth_strip_insn_pac(ip)
#endif

#endif
