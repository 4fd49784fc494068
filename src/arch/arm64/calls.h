/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Direct calls in arm64 code: BL, and a distance in instructions. It reaches 128 MiB
 * far. For what is farther away a module has veneers, which load the address of the
 * function and branch to it: ADRP, ADD, BR.
 */
#ifndef PGTAG_ARCH_CALLS_H
#define PGTAG_ARCH_CALLS_H

#include <linux/bitfield.h>
#include <linux/bitops.h>
#include <linux/types.h>
#include <linux/uaccess.h>

#define PGTAG_CODE_ALIGN	4
#define PGTAG_FUNCTION_ALIGN	4
#define PGTAG_CALL_SIZE		4

/*
 * Where a veneer leads to; what is none, itself. Words of data among the code may look
 * like calls to anywhere.
 */
static inline unsigned long pgtag_beyond_veneer(unsigned long ip)
{
	u32 insn[3];
	s64 pages;

	/* All of them use x16, and ADD no shift. */
	if (copy_from_kernel_nofault(insn, (const void *)ip, sizeof(insn)) ||
	    (insn[0] & 0x9f00001f) != 0x90000010 ||
	    (insn[1] & 0xffc003ff) != 0x91000210 || insn[2] != 0xd61f0200)
		return ip;
	pages = sign_extend64(FIELD_GET(GENMASK(23, 5), insn[0]) << 2 |
			      FIELD_GET(GENMASK(30, 29), insn[0]), 20);
	return (ip & ~0xfffUL) + (pages << 12) +
	       FIELD_GET(GENMASK(21, 10), insn[1]);
}

static inline unsigned long pgtag_call_target(unsigned long ip)
{
	u32 insn = *(const u32 *)ip;

	if ((insn & 0xfc000000) != 0x94000000)
		return 0;
	return pgtag_beyond_veneer(ip + (sign_extend64(insn, 25) << 2));
}

#endif
