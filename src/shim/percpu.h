/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A counter of this CPU that counts down, in one instruction, which says when it is
 * spent: the kernel has none that does not fetch the counter as well.
 */
#ifndef PGTAG_SHIM_PERCPU_H
#define PGTAG_SHIM_PERCPU_H

#include <linux/percpu.h>

#ifdef CONFIG_X86_64

/* Kernels that do without it have the compiler know the segment, or do not. */
#ifndef __my_cpu_var
#define __my_cpu_var(var)	(var)
#endif

#define pgtag_percpu_dec_is_spent(var)					\
({									\
	bool spent__;							\
									\
	asm volatile("decl " __percpu_arg([counter])			\
		     : [counter] "+m" (__my_cpu_var(var)),		\
		       "=@ccle" (spent__));				\
	unlikely(spent__);						\
})

#else

#define pgtag_percpu_dec_is_spent(var)	unlikely(this_cpu_dec_return(var) <= 0)

#endif
#endif
