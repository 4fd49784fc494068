// SPDX-License-Identifier: GPL-2.0
/*
 * vm.mem_profiling and vm.mem_profiling_compressed, as the kernel's own
 * profiling has them, on kernels that have none.
 */
#include <linux/errno.h>
#include <linux/sysctl.h>

#include <pgtag/profile.h>
#include <pgtag/sysctl.h>
#include <shim/sysctl.h>

#if !IS_ENABLED(CONFIG_MEM_ALLOC_PROFILING)

static int handle(PGTAG_CTL_TABLE *table, int write, void *buffer,
		  size_t *length, loff_t *at, int value)
{
	struct ctl_table copy = *table;
	int ret;

	copy.data = &value;
	copy.maxlen = sizeof(value);
	copy.extra1 = SYSCTL_ZERO;
	copy.extra2 = SYSCTL_ONE;
	ret = proc_dointvec_minmax(&copy, write, buffer, length, at);
	if (ret || !write)
		return ret;
	return pgtag_profile_turn(value);
}

static int on_or_off(PGTAG_CTL_TABLE *table, int write, void *buffer,
		     size_t *length, loff_t *at)
{
	return handle(table, write, buffer, length, at, pgtag_profile_on());
}

static int compressed(PGTAG_CTL_TABLE *table, int write, void *buffer,
		      size_t *length, loff_t *at)
{
	return handle(table, write, buffer, length, at,
		      pgtag_profile_compressed());
}

static struct ctl_table entries[] = {
	{
		.procname = "mem_profiling",
		.mode = 0644,
		.proc_handler = on_or_off,
	}, {
		.procname = "mem_profiling_compressed",
		.mode = 0444,
		.proc_handler = compressed,
	},
	PGTAG_CTL_END
};

static struct ctl_table_header *registered;

/**
 * pgtag_sysctl_init - make the sysctls
 * @never: vm.mem_profiling can only be read
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int pgtag_sysctl_init(bool never)
{
	entries[0].mode = never ? 0444 : 0644;
	registered = pgtag_register_sysctl("vm", entries);
	return registered ? 0 : -ENOMEM;
}

/**
 * pgtag_sysctl_exit - remove them
 *
 * Context: process context, may sleep. Waits for whoever uses one.
 */
void pgtag_sysctl_exit(void)
{
	unregister_sysctl_table(registered);
	registered = NULL;
}

#else

/* The kernel has its own. */
int pgtag_sysctl_init(bool never)
{
	return 0;
}

void pgtag_sysctl_exit(void)
{
}

#endif
