/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What tags own: a counter a tag and CPU, or two if it is wanted what was allocated in
 * all (totals.c).
 */
#ifndef PGTAG_COUNTERS_H
#define PGTAG_COUNTERS_H

#include <linux/compiler.h>
#include <linux/mm.h>
#include <linux/percpu.h>

#include <arch/percpu.h>
#include <pgtag/layout.h>

/* Tags, and their counters, are allocated for this many at once: 4 KiB a CPU. */
#define PGTAG_BLOCK	256U

/**
 * struct pgtag_counter - what a tag owns, on one CPU
 * @pages: pages of its allocations
 * @tails: those of them that are not the first of an allocation
 * @bytes: of slab objects, their size
 * @objects: how many there are
 *
 * An allocation of one page, which most are, changes only the one. Pages may be
 * freed on another CPU than the one that allocated them, so only the sum over all
 * CPUs means anything.
 */
struct pgtag_counter {
	union {
		s64 pages;
		s64 bytes;
	};
	union {
		s64 tails;
		s64 objects;
	};
};

/**
 * struct pgtag_sum - what a tag owns
 * @bytes: size of its allocations
 * @calls: number of its allocations
 */
struct pgtag_sum {
	s64 bytes;
	s64 calls;
};

/**
 * struct pgtag_total - what became of a tag since it came, or since the last reset
 * @in_use: what it owns
 * @made: what was allocated in all
 * @peak: the most that was seen in use, in bytes
 */
struct pgtag_total {
	struct pgtag_sum in_use;
	struct pgtag_sum made;
	s64 peak;
};

/*
 * Counters by index, and how many indices from CODETAG_ID_FIRST on have any. Allocations
 * are counted in @pgtag_made. With totals that is another counter of the tag, beside the
 * one for all else that changes what it owns, in which frees make that less than nothing;
 * else they are the same.
 */
extern struct pgtag_counter __percpu **pgtag_counters;
extern struct pgtag_counter __percpu **pgtag_made;
extern u32 pgtag_counters_ready;

int pgtag_counters_init(u32 end, bool totals);
void pgtag_counters_exit(void);
int pgtag_counters_add(u32 end);
struct pgtag_counter pgtag_counters_sum(u32 index);
struct pgtag_counter pgtag_counters_made(u32 index, struct pgtag_counter *in_use);
unsigned int pgtag_counters_each(void);
size_t pgtag_counters_memory(u32 end);

/* Is this an index pgtag_tag_new() may have given out? NULL and EMPTY are not. */
static __always_inline bool pgtag_index_valid(unsigned long index)
{
	return index - CODETAG_ID_FIRST < READ_ONCE(pgtag_counters_ready);
}

/* 1L << order and the negative, in one instruction where a shift takes four. */
extern long pgtag_order_pages[BITS_PER_LONG];
extern long pgtag_order_minus[BITS_PER_LONG];

/**
 * pgtag_charge_to - count a change of what a tag owns
 * @counter: one of the tag's
 * @pages: pages more (or fewer, negative)
 * @calls: allocations more (or fewer)
 *
 * Tails are the first to go and the last to come, so that who reads half of it sees
 * too many calls and not less than none.
 *
 * Context: any. As arch/percpu.h has it, on this CPU's own cache line as a rule.
 */
static inline void pgtag_charge_to(struct pgtag_counter __percpu *counter, long pages,
				   long calls)
{
	long tails = pages - calls;

	if (tails < 0)
		pgtag_percpu_add(counter->tails, tails);
	pgtag_percpu_add(counter->pages, pages);
	if (tails > 0)
		pgtag_percpu_add(counter->tails, tails);
}

/**
 * pgtag_charge - count what becomes of a tag's allocations: freed, split, moved
 * @index: a valid index
 * @pages: pages more (or fewer, negative)
 * @calls: allocations more (or fewer)
 *
 * Context: as pgtag_charge_to().
 */
static inline void pgtag_charge(u32 index, long pages, long calls)
{
	pgtag_charge_to(pgtag_counters[index], pages, calls);
}

/**
 * pgtag_charge_new - count an allocation
 * @index: a valid index
 * @pages: its pages
 *
 * Context: as pgtag_charge_to().
 */
static inline void pgtag_charge_new(u32 index, long pages)
{
	pgtag_charge_to(pgtag_made[index], pages, 1);
}

#endif
