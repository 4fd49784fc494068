// SPDX-License-Identifier: GPL-2.0
/*
 * What the hooks count about themselves.
 */
#include <linux/cpumask.h>

#include <pgtag/stats.h>

DEFINE_PER_CPU(struct pgtag_stats, pgtag_stats);

/**
 * pgtag_stat_sum - a count, over all CPUs
 * @stat: which
 *
 * Context: any.
 */
unsigned long pgtag_stat_sum(enum pgtag_stat stat)
{
	unsigned long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(pgtag_stats, cpu).count[stat]);
	return sum;
}
