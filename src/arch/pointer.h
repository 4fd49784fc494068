/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The frame pointer of whoever fires an event, for the files handlers are in. See
 * arch/frames.h.
 */
#ifndef PGTAG_POINTER_H
#define PGTAG_POINTER_H

#ifdef CONFIG_X86_64
#include "x86/pointer.h"
#endif
#ifdef CONFIG_ARM64
#include "arm64/pointer.h"
#endif

#endif
