/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Marks for QEMU's plugin tests/vm/qemu/marks.c: instructions that do nothing else, in
 * the kernel and in programs.
 */
#ifndef PGTAG_TEST_MARKS_H
#define PGTAG_TEST_MARKS_H

#define MARK_RESET	0	/* forget what was counted */
#define MARK_BEGIN	1	/* count what this CPU does from here on */
#define MARK_END	2	/* to here */
#define MARK_REPORT	3	/* write down what was counted */
#define MARK_COUNT	5	/* as MARK_BEGIN, but of lines nothing: for much */
#define MARK_OWN	4	/* the next two loads are from one's own code */

#ifdef __x86_64__
/* nopl 0x70670000 + n(%rax) */
#define MARK_CODE	".byte 0x0f, 0x1f, 0x80\n\t.long 0x70670000 + %c0"
#endif

#ifdef __aarch64__
/* movz xzr, 0x7060 + n */
#define MARK_CODE	"movz xzr, 0x7060 + %c0"
#endif

static __always_inline void mark(const int n)
{
	asm volatile(MARK_CODE :: "i" (n) : "memory");
}

#endif
