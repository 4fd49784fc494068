// SPDX-License-Identifier: GPL-2.0
/*
 * What the hooks count about themselves.
 */
#include <linux/cpumask.h>

#include <pgtag/stats.h>

DEFINE_PER_CPU(struct pgtag_stats, pgtag_stats) = {
	.left = { [0 ... PGTAG_NR_SAMPLED - 1] = PGTAG_CHECK_EVERY },
};

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

		if (stat < PGTAG_NR_SAMPLED)
			/* First: what it has counted down is in the other afterwards. */
			sum += PGTAG_CHECK_EVERY - smp_load_acquire(&stats->left[stat]);
		sum += READ_ONCE(stats->count[stat]);
	}
	return sum;
}
