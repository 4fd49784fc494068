/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writes to a word that may be mapped read-only by the time they come: load and store
 * exclusive, of which the store is passed over if it faults.
 */
#ifndef PGTAG_ARCH_WORD_H
#define PGTAG_ARCH_WORD_H

#include <linux/atomic.h>

#include <asm/asm-extable.h>

#define pgtag_try(operation, word, bits)				\
({									\
	unsigned long value__;						\
	u32 failed__;							\
									\
	asm volatile("1: ldxr %[value], %[at]\n"			\
		     "   " operation " %[value], %[value], %[with]\n"	\
		     "2: stxr %w[failed], %[value], %[at]\n"		\
		     "   cbnz %w[failed], 1b\n"				\
		     "3:\n"						\
		     _ASM_EXTABLE_KACCESS_ERR_ZERO(2b, 3b, wzr, wzr)	\
		     : [value] "=&r" (value__), [failed] "=&r" (failed__), \
		       [at] "+Q" ((word)->counter)			\
		     : [with] "r" (bits) : "memory");			\
})

/**
 * pgtag_try_or - set bits of a word, if it can be written to
 * @word: the word, of kernel memory that can be read
 * @bits: the bits
 *
 * Context: any.
 */
static inline void pgtag_try_or(atomic_long_t *word, unsigned long bits)
{
	pgtag_try("orr", word, bits);
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
	pgtag_try("bic", word, bits);
}

#endif
