/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a kernel must have, said at build time and not at load time.
 */
#ifndef PGTAG_SHIM_REQUIRE_H
#define PGTAG_SHIM_REQUIRE_H

#include <linux/kconfig.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "pgtag_compress needs Linux 6.1 or later"
#endif

#if !IS_ENABLED(CONFIG_64BIT)
#error "pgtag_compress needs a 64-bit kernel: page->flags has no room otherwise"
#endif

/* The linker may have put the cpupid exchange into its callers, past any guard. */
#if IS_ENABLED(CONFIG_LTO_CLANG)
#error "pgtag_compress cannot guard its field on a kernel with link-time optimization (CONFIG_LTO_CLANG)"
#endif

#if !IS_ENABLED(CONFIG_KPROBES) || !IS_ENABLED(CONFIG_KRETPROBES)
#error "pgtag_compress needs CONFIG_KPROBES and CONFIG_KRETPROBES"
#endif

#if !IS_ENABLED(CONFIG_DYNAMIC_FTRACE_WITH_REGS) && \
	!IS_ENABLED(CONFIG_DYNAMIC_FTRACE_WITH_ARGS)
#error "pgtag_compress needs CONFIG_DYNAMIC_FTRACE_WITH_REGS or CONFIG_DYNAMIC_FTRACE_WITH_ARGS"
#endif

#if !IS_ENABLED(CONFIG_TRACEPOINTS)
#error "pgtag_compress needs CONFIG_TRACEPOINTS"
#endif

/* Pages are split in many places, and all call a function of the memory cgroups. */
#if !IS_ENABLED(CONFIG_MEMCG)
#error "pgtag_compress needs CONFIG_MEMCG: pages that are split are seen there"
#endif

#if !IS_ENABLED(CONFIG_DEBUG_FS)
#error "pgtag_compress needs CONFIG_DEBUG_FS"
#endif

#if !IS_ENABLED(CONFIG_SPARSEMEM)
#error "pgtag_compress needs CONFIG_SPARSEMEM: memory is walked by section"
#endif

#if !IS_ENABLED(CONFIG_KALLSYMS)
#error "pgtag_compress needs CONFIG_KALLSYMS: call sites are printed by name"
#endif

#if IS_ENABLED(CONFIG_X86_64)
#if !IS_ENABLED(CONFIG_UNWINDER_ORC)
#error "pgtag_compress needs CONFIG_UNWINDER_ORC on x86-64"
#endif
#elif IS_ENABLED(CONFIG_ARM64)
#if !IS_ENABLED(CONFIG_VMAP_STACK)
#error "pgtag_compress needs CONFIG_VMAP_STACK on arm64: all stacks are aligned then"
#endif
#if IS_ENABLED(CONFIG_KRETPROBE_ON_RETHOOK)
#error "pgtag_compress does not know where rethooks keep return addresses on arm64"
#endif
#else
#error "pgtag_compress does not know the stack frames of this architecture yet"
#endif

#endif
