/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vm.mem_profiling, on kernels that have none of their own.
 */
#ifndef PGTAG_SYSCTL_H
#define PGTAG_SYSCTL_H

#include <linux/types.h>

int pgtag_sysctl_init(bool never);
void pgtag_sysctl_exit(void);

#endif
