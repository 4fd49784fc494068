/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters of each CPU on arm64, where an addition is atomic whoever makes it. The
 * kernel's own turns preemption off and on around each, so that it is this CPU's counter
 * that changes. Here it need not be: who is moved to another CPU on the way adds to a
 * counter that is there as well, and the sum is the same.
 *
 * With a result, which nobody wants: an addition without one may be done far from the CPU
 * instead of in its cache. The kernel's own have one, too, from 6.18 on.
 */
#ifndef PGTAG_ARCH_PERCPU_H
#define PGTAG_ARCH_PERCPU_H

#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <linux/percpu.h>

#define pgtag_percpu_add(var, value)					\
do {									\
	BUILD_BUG_ON(sizeof(var) != sizeof(atomic64_t));		\
	(void)atomic64_fetch_add_relaxed(value,				\
					 (atomic64_t *)raw_cpu_ptr(&(var))); \
} while (0)

#define pgtag_percpu_dec_is_spent(var)					\
({									\
	BUILD_BUG_ON(sizeof(var) != sizeof(atomic_t));			\
	unlikely(atomic_fetch_add_relaxed(-1, (atomic_t *)raw_cpu_ptr(&(var))) <= 1); \
})

#endif
