/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tables of sysctls: handlers get theirs const from 6.11 on, and there the
 * length of a table is passed along where before an empty entry ended it.
 */
#ifndef PGTAG_SHIM_SYSCTL_H
#define PGTAG_SHIM_SYSCTL_H

#include <linux/sysctl.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)

#define PGTAG_CTL_TABLE	const struct ctl_table
#define PGTAG_CTL_END
#define pgtag_register_sysctl(path, table) \
	register_sysctl_sz(path, table, ARRAY_SIZE(table))

#else

#define PGTAG_CTL_TABLE	struct ctl_table
#define PGTAG_CTL_END	{ }
#define pgtag_register_sysctl(path, table) register_sysctl(path, table)

#endif

#endif
