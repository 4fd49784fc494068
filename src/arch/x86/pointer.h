/* SPDX-License-Identifier: GPL-2.0 */
/*
 * No code in a file that includes this uses the frame pointer's register, so it has what
 * it had when the handler was called. gcc refuses to compile what would need it, such as
 * a variable that is aligned to more than the stack. clang cannot be told that.
 */
#ifndef PGTAG_ARCH_POINTER_H
#define PGTAG_ARCH_POINTER_H

#ifdef __clang__
#define pgtag_return_pointer()	0UL
#else
register unsigned long pgtag_frame_pointer asm("rbp");
#define pgtag_return_pointer()	pgtag_frame_pointer
#endif

#endif
