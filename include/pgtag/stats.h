/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the hooks count about themselves, per CPU.
 */
#ifndef PGTAG_STATS_H
#define PGTAG_STATS_H

#include <linux/percpu.h>

enum pgtag_stat {
	/* hits of each hook, in the order of the hook table */
	PGTAG_HIT_ALLOC,
	PGTAG_HIT_ALLOC_NOLOCK,
	PGTAG_HIT_FREE,
	PGTAG_HIT_BULK,
	PGTAG_HIT_CONTIG,
	PGTAG_HIT_SPLIT_PAGE,
	PGTAG_HIT_ALLOC_EXACT,
	PGTAG_HIT_MIGRATE,
	PGTAG_HIT_TARGET,
	PGTAG_HIT_COMPACTION,
	PGTAG_HIT_FOLIO_SPLIT,
	PGTAG_HIT_HUGETLB_NEW,
	PGTAG_HIT_RESTORE,
	PGTAG_HIT_BAD,
	/* what became of them */
	PGTAG_STAT_UNTAGGED_FREE,	/* freed without a tag */
	PGTAG_STAT_DROPPED,		/* allocated, no tag to be had */
	PGTAG_STAT_STALE,		/* allocated with a tag still on */
	PGTAG_STAT_UNWOUND,		/* caller found by the unwinder */
	PGTAG_STAT_LEARNED,		/* addresses looked up, under the lock */
	PGTAG_STAT_CHECKED,		/* callers compared with the unwinder */
	PGTAG_STAT_WRONG,		/* of those, different ones */
	PGTAG_NR_STATS
};

struct pgtag_stats {
	unsigned long count[PGTAG_NR_STATS];
};

DECLARE_PER_CPU(struct pgtag_stats, pgtag_stats);

#define pgtag_count(stat) this_cpu_inc(pgtag_stats.count[stat])

unsigned long pgtag_stat_sum(enum pgtag_stat stat);

#endif
