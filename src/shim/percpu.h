/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A per-CPU variable of x86-64 as an operand of an instruction. Kernels have the compiler
 * know the segment, or do not and have no name for that.
 */
#ifndef PGTAG_SHIM_PERCPU_H
#define PGTAG_SHIM_PERCPU_H

#include <linux/percpu.h>

#ifndef __my_cpu_var
#define __my_cpu_var(var)	(var)
#endif

#endif
