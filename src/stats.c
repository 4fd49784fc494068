// SPDX-License-Identifier: GPL-2.0
/*
 * What the hooks count about themselves.
 */
#include <linux/cpumask.h>

#include <pgtag/stats.h>

DEFINE_PER_CPU(struct pgtag_stats, pgtag_stats) = { .left = PGTAG_CHECK_EVERY };

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

	for_each_possible_cpu(cpu) {
		const struct pgtag_stats *stats = per_cpu_ptr(&pgtag_stats, cpu);

		/* First: what it has counted down is in the other afterwards. */
		int left = smp_load_acquire(&stats->left);

		if (stat == PGTAG_HIT_ALLOC)
			sum += PGTAG_CHECK_EVERY - left;
		sum += READ_ONCE(stats->count[stat]);
	}
	return sum;
}
