// SPDX-License-Identifier: GPL-2.0
/*
 * Who has hugetlb pages restored that are in a list: the kernel has no function of
 * its own for demotion in every version, but all of it is done for a write to
 * sysfs.
 */
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/stacktrace.h>
#include <linux/string.h>

#include "hugetlb.h"

/* Our own frames, those of the hook, and the few that matter. */
#define FRAMES	24

/**
 * pgtag_is_demoting - does this task demote pages of hugetlb?
 *
 * Context: process context.
 */
bool pgtag_is_demoting(void)
{
	static const char demote[] = "demote_store";
	unsigned long frames[FRAMES];
	char name[KSYM_SYMBOL_LEN];
	unsigned int n = stack_trace_save(frames, FRAMES, 0);

	while (n--) {
		sprint_symbol(name, frames[n]);
		if (str_has_prefix(name, demote))
			return true;
	}
	return false;
}
