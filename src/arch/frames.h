/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Return addresses on the kernel stack, of whatever architecture.
 */
#ifndef PGTAG_FRAMES_H
#define PGTAG_FRAMES_H

#include <shim/require.h>

#ifdef CONFIG_X86_64
#include "x86/frames.h"
#endif

#endif
