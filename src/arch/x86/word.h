/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writes to a word that may be mapped read-only by the time they come: one
 * locked instruction each, which is passed over if it faults.
 */
#ifndef PGTAG_ARCH_WORD_H
#define PGTAG_ARCH_WORD_H

#include <linux/atomic.h>

#include <asm/asm.h>

/**
 * pgtag_try_or - set bits of a word, if it can be written to
 * @word: the word, of kernel memory that can be read
 * @bits: the bits
 *
 * Context: any.
 */
static inline void pgtag_try_or(atomic_long_t *word, unsigned long bits)
{
	asm volatile("1: lock orq %1, %0\n"
		     "2:\n"
		     _ASM_EXTABLE(1b, 2b)
		     : "+m" (word->counter) : "r" (bits) : "memory");
}

/**
 * pgtag_try_andnot - clear bits of a word, if it can be written to
 * @word: the word, of kernel memory that can be read
 * @bits: the bits
 *
 * Context: any.
 */
static inline void pgtag_try_andnot(atomic_long_t *word, unsigned long bits)
{
	asm volatile("1: lock andq %1, %0\n"
		     "2:\n"
		     _ASM_EXTABLE(1b, 2b)
		     : "+m" (word->counter) : "r" (~bits) : "memory");
}

#endif
