/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's map of all memory.
 */
#ifndef PGTAG_ARCH_MEMORY_H
#define PGTAG_ARCH_MEMORY_H

#include <linux/mm.h>

#include <shim/require.h>

/*
 * Where in it physical address 0 is. On arm64 memory begins higher up, and the kernel
 * may map it anywhere: address 0 then is where no memory is, or no address at all.
 */
#ifdef CONFIG_X86_64
#define PGTAG_MEMORY_START	((unsigned long)PAGE_OFFSET)
#endif
#ifdef CONFIG_ARM64
#define PGTAG_MEMORY_START	((unsigned long)(PAGE_OFFSET - PHYS_OFFSET))
#endif

#endif
