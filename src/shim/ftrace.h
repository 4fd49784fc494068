/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Registers of a traced function. The accessors that need no full register
 * set came with 6.2; before, a full set is asked for. And a filter that is
 * freed: some kernels, 6.1 and 6.12 among them, leave the pointers to it in the
 * ops, and free it again when that has another. And whether ftrace lives.
 */
#ifndef PGTAG_SHIM_FTRACE_H
#define PGTAG_SHIM_FTRACE_H

#include <linux/ftrace.h>
#include <linux/ptrace.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)

#define PGTAG_FTRACE_REGS	0

static __always_inline unsigned long
pgtag_ftrace_argument(struct ftrace_regs *fregs, unsigned int n)
{
	return ftrace_regs_get_argument(fregs, n);
}

static __always_inline void
pgtag_ftrace_divert(struct ftrace_regs *fregs, unsigned long ip)
{
	ftrace_regs_set_instruction_pointer(fregs, ip);
}

#else

#define PGTAG_FTRACE_REGS	FTRACE_OPS_FL_SAVE_REGS

static __always_inline unsigned long
pgtag_ftrace_argument(struct ftrace_regs *fregs, unsigned int n)
{
	return regs_get_kernel_argument(ftrace_get_regs(fregs), n);
}

static __always_inline void
pgtag_ftrace_divert(struct ftrace_regs *fregs, unsigned long ip)
{
	instruction_pointer_set(ftrace_get_regs(fregs), ip);
}

#endif

static inline void pgtag_ftrace_free_filter(struct ftrace_ops *ops)
{
	ftrace_free_filter(ops);
	RCU_INIT_POINTER(ops->local_hash.filter_hash, NULL);
	RCU_INIT_POINTER(ops->local_hash.notrace_hash, NULL);
}

/*
 * Is ftrace dead? After ftrace_kill() it changes no code any more, and nobody's
 * filter: what is attached is called for ever.
 */
static inline bool pgtag_ftrace_dead(void)
{
	struct ftrace_ops nobody = { };
	int ret = ftrace_set_filter(&nobody, NULL, 0, 1);

	pgtag_ftrace_free_filter(&nobody);
	return ret == -ENODEV;
}

#endif
