/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Direct calls in x86-64 code: the byte 0xe8 and a relative address.
 *
 * The kernel exports no instruction decoder, and none is needed: that such a
 * byte inside another instruction is followed by just the distance to the
 * first byte of an allocator function does not happen.
 */
#ifndef PGTAG_ARCH_CALLS_H
#define PGTAG_ARCH_CALLS_H

#include <linux/string.h>
#include <linux/types.h>

#define PGTAG_CODE_ALIGN	1
#define PGTAG_FUNCTION_ALIGN	16
#define PGTAG_CALL_SIZE		5

static inline unsigned long pgtag_call_target(unsigned long ip)
{
	const u8 *code = (const u8 *)ip;
	s32 distance;

	if (*code != 0xe8)
		return 0;
	/* It is aligned to nothing. */
	memcpy(&distance, code + 1, sizeof(distance));
	return ip + PGTAG_CALL_SIZE + distance;
}

#endif
