/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writes to a word that may be mapped read-only by the time they come.
 */
#ifndef PGTAG_WORD_H
#define PGTAG_WORD_H

#include <shim/require.h>

#ifdef CONFIG_X86_64
#include "x86/word.h"
#endif

#endif
