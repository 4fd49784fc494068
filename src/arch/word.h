/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writes to a word that may be mapped read-only by the time they come. An architecture
 * gives pgtag_try_or(word, bits) and pgtag_try_andnot(word, bits): one atomic operation
 * each, which is passed over if it faults.
 */
#ifndef PGTAG_WORD_H
#define PGTAG_WORD_H

#include <shim/require.h>

#ifdef CONFIG_X86_64
#include "x86/word.h"
#endif
#ifdef CONFIG_ARM64
#include "arm64/word.h"
#endif

#endif
