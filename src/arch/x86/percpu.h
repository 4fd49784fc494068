/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters of each CPU on x86-64: one instruction each, which the kernel has but for the
 * one that says as well when a counter is spent.
 */
#ifndef PGTAG_ARCH_PERCPU_H
#define PGTAG_ARCH_PERCPU_H

#include <linux/percpu.h>

#include <shim/percpu.h>

#define pgtag_percpu_add(var, value)	this_cpu_add(var, value)

#define pgtag_percpu_dec_is_spent(var)					\
({									\
	bool spent__;							\
									\
	asm volatile("decl " __percpu_arg([counter])			\
		     : [counter] "+m" (__my_cpu_var(var)),		\
		       "=@ccle" (spent__));				\
	unlikely(spent__);						\
})

#endif
