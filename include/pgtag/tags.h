/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tags: one call site or call path each, its counters and its name.
 */
#ifndef PGTAG_TAGS_H
#define PGTAG_TAGS_H

#include <linux/compiler.h>
#include <linux/llist.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/percpu.h>

#include <pgtag/layout.h>
#include <pgtag/mode.h>

/*
 * More sites than any kernel shows. Counters are allocated as sites appear;
 * what this bounds is one structure and one pointer a tag.
 */
#define PGTAG_MAX_TAGS		16384U
/* With paths there are more. */
#define PGTAG_MAX_PATHS		190000U

/**
 * struct pgtag_counter - what a tag owns, on one CPU
 * @pages: pages of its allocations
 * @tails: those of them that are not the first of an allocation
 *
 * An allocation of one page, which most are, changes only the one. Pages may be
 * freed on another CPU than the one that allocated them, so only the sum over all
 * CPUs means anything.
 */
struct pgtag_counter {
	s64 pages;
	s64 tails;
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
 * struct pgtag - a call site, or with depth above 1 the end of a call path
 * @ip: its return address, 0 once the code there is gone
 * @parent: the tag one frame further down the path, 0 for a site
 * @name: the printed path, kept from before some of its code went; else NULL
 * @spare: while the index waits to be used again
 */
struct pgtag {
	unsigned long ip;
	u32 parent;
	const char *name;
	struct llist_node spare;
};

/* By index; read them through the functions below. */
extern struct pgtag *pgtag_tags;

/* Counters by index, and how many indices from CODETAG_ID_FIRST on have any. */
extern struct pgtag_counter __percpu **pgtag_counters;
extern u32 pgtag_counters_ready;

extern struct mutex pgtag_reclaimers;

int pgtag_tags_init(u32 most, enum pgtag_overflow overflow,
		    void (*full)(void));
void pgtag_tags_exit(void);
u32 pgtag_tag_new(unsigned long ip, u32 parent);
unsigned int pgtag_tag_depth(u32 index);
u32 pgtag_tags_end(void);
u32 pgtag_tags_capacity(void);
u32 pgtag_tags_used(void);
bool pgtag_tags_share(void);
bool pgtag_tags_short(void);
u32 pgtag_tags_shared(void);
bool pgtag_tag_listed(u32 index);
bool pgtag_tag_accurate(u32 index);
struct pgtag_sum pgtag_tag_sum(u32 index);
struct pgtag_sum pgtag_tags_total(void);
bool pgtag_tags_any(void);
size_t pgtag_tag_describe(u32 index, char *buffer, size_t size);
void pgtag_tags_forget(unsigned long start, unsigned long end_ip, bool there);
bool pgtag_tag_gone(u32 index);
void pgtag_tag_unreachable(u32 index);
void pgtag_tags_reclaim(void);
size_t pgtag_tags_memory(void);

/* Is this an index pgtag_tag_new() may have given out? NULL and EMPTY are not. */
static __always_inline bool pgtag_index_valid(unsigned long index)
{
	return index - CODETAG_ID_FIRST < READ_ONCE(pgtag_counters_ready);
}

/* 1L << order and the negative, in one instruction where a shift takes four. */
extern long pgtag_order_pages[BITS_PER_LONG];
extern long pgtag_order_minus[BITS_PER_LONG];

/**
 * pgtag_charge - count a change of what a tag owns
 * @index: a valid index
 * @pages: pages more (or fewer, negative)
 * @calls: allocations more (or fewer)
 *
 * Tails are the first to go and the last to come, so that who reads half of it sees
 * too many calls and not less than none.
 *
 * Context: any. One instruction a counter, on this CPU's own cache line.
 */
static inline void pgtag_charge(u32 index, long pages, long calls)
{
	struct pgtag_counter __percpu *counter = pgtag_counters[index];
	long tails = pages - calls;

	if (tails < 0)
		this_cpu_add(counter->tails, tails);
	this_cpu_add(counter->pages, pages);
	if (tails > 0)
		this_cpu_add(counter->tails, tails);
}

#endif
