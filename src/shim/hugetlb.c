// SPDX-License-Identifier: GPL-2.0
/*
 * Who has hugetlb pages restored that are in a list: the kernel has no function of
 * its own for demotion in every version, but all of it is done for a write to
 * sysfs.
 */
#include <linux/compiler.h>
#include <linux/hash.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/stacktrace.h>
#include <linux/string.h>

#include "hugetlb.h"

/* Our own frames, those of the hook, and the few that matter. */
#define FRAMES	24

/* Names are slow: some addresses of other functions are remembered. */
#define OTHERS_BITS	6

static bool is_of_demote_store(unsigned long ip)
{
	static unsigned long others[1 << OTHERS_BITS];
	unsigned long *other = &others[hash_long(ip, OTHERS_BITS)];
	char name[KSYM_SYMBOL_LEN];

	if (READ_ONCE(*other) == ip)
		return false;
	sprint_symbol(name, ip);
	if (str_has_prefix(name, "demote_store+"))
		return true;
	WRITE_ONCE(*other, ip);
	return false;
}

/**
 * pgtag_is_demoting - does this task demote pages of hugetlb?
 *
 * Context: process context, interrupts may be off.
 */
bool pgtag_is_demoting(void)
{
	unsigned long frames[FRAMES];
	unsigned int n = stack_trace_save(frames, FRAMES, 0);

	while (n--) {
		if (is_of_demote_store(frames[n]))
			return true;
	}
	return false;
}
