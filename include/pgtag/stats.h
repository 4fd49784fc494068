/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the hooks count about themselves, per CPU.
 */
#ifndef PGTAG_STATS_H
#define PGTAG_STATS_H

#include <linux/percpu.h>

#include <arch/percpu.h>

enum pgtag_stat {
	/* hits of each hook; of these first ones a sample is compared */
	PGTAG_HIT_ALLOC,
	PGTAG_HIT_KMALLOC,
	PGTAG_HIT_CACHE_ALLOC,
	PGTAG_NR_SAMPLED,
	PGTAG_HIT_ALLOC_NOLOCK = PGTAG_NR_SAMPLED,
	PGTAG_HIT_FREE,
	PGTAG_HIT_BULK,
	PGTAG_HIT_CONTIG,
	PGTAG_HIT_SPLIT,
	PGTAG_HIT_FOLIO_SPLIT,
	PGTAG_HIT_MIGRATE,
	PGTAG_HIT_TARGET,
	PGTAG_HIT_COMPACTION,
	PGTAG_HIT_HUGETLB_NEW,
	PGTAG_HIT_RESTORE,
	PGTAG_HIT_GIGANTIC_FREE,
	PGTAG_HIT_BAD,
	PGTAG_HIT_KFREE,
	PGTAG_HIT_CACHE_FREE,
	PGTAG_HIT_OBJECTS,
	PGTAG_HIT_OBJECTS_FREE,
	PGTAG_HIT_NOLOCK,
	PGTAG_HIT_NOLOCK_FREE,
	PGTAG_HIT_RCU_FREE,
	PGTAG_HIT_SLAB_FREE,
	PGTAG_HIT_PERCPU,
	PGTAG_HIT_PERCPU_FREE,
	/* what became of them */
	PGTAG_STAT_UNTAGGED_FREE,	/* freed without a tag */
	PGTAG_STAT_DROPPED,		/* allocated, no tag to be had */
	PGTAG_STAT_STALE,		/* allocated with a tag still on */
	PGTAG_STAT_DROPPED_OBJECT,	/* allocated, no cell to be had */
	PGTAG_STAT_STALE_OBJECT,	/* allocated, the last one's tag still there */
	PGTAG_STAT_UNWOUND,		/* caller found by the unwinder alone */
	PGTAG_STAT_ASKED,		/* single frames asked of the unwinder */
	PGTAG_STAT_LEARNED,		/* addresses looked up, under the lock */
	PGTAG_STAT_CHECKED,		/* callers compared with the unwinder */
	PGTAG_STAT_WRONG,		/* of those, different ones */
	PGTAG_NR_STATS
};

/* One allocation in so many has its caller compared with the unwinder's. */
#define PGTAG_CHECK_EVERY	4096

/**
 * struct pgtag_stats - what is counted on one CPU
 * @left: how many allocations of a kind until one is compared; also counts them
 * @count: all else, and the allocations that @left has counted down
 */
struct pgtag_stats {
	int left[PGTAG_NR_SAMPLED];
	unsigned long count[PGTAG_NR_STATS];
};

DECLARE_PER_CPU(struct pgtag_stats, pgtag_stats);

/**
 * pgtag_count_alloc - count an allocation
 * @hit: its kind, below PGTAG_NR_SAMPLED
 *
 * Context: any.
 * Return: whether it is one that is compared. Then pgtag_count_more() must follow.
 */
static __always_inline bool pgtag_count_alloc(enum pgtag_stat hit)
{
	return pgtag_percpu_dec_is_spent(pgtag_stats.left[hit]);
}

/* If it comes on another CPU, another allocation will be compared here soon. */
static __always_inline void pgtag_count_more(enum pgtag_stat hit)
{
	pgtag_percpu_add(pgtag_stats.count[hit], PGTAG_CHECK_EVERY);
	this_cpu_add(pgtag_stats.left[hit], PGTAG_CHECK_EVERY);
}

#define pgtag_count(stat) pgtag_percpu_add(pgtag_stats.count[stat], 1)

unsigned long pgtag_stat_sum(enum pgtag_stat stat);

#endif
