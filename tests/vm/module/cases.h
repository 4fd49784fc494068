/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cases of pgtag_test: ways to get pages, each with a function of its own
 * whose name then is the call site's.
 */
#ifndef PGTAG_TEST_CASES_H
#define PGTAG_TEST_CASES_H

#include <linux/list.h>
#include <linux/mempool.h>
#include <linux/mm_types.h>
#include <linux/types.h>

#include "compat.h"

#define BULK_PAGES	48

/* What one allocation keeps. A case uses the members it needs. */
struct unit {
	struct list_head node;
	unsigned int arg;
	struct page *page;
	void *addr;
	dma_addr_t dma;
	void __percpu *percpu;
	struct page_frag_cache frag;
	struct page_pool *pool;
	struct kmem_cache *cache;
	mempool_t *mempool;
	struct list_head pages;
	struct page *array[BULK_PAGES];
};

/**
 * struct test_case - one way to get pages
 * @name: what the control file calls it; pgtag_test_@name() allocates
 * @arg: meaning depends on the case (an order, a number of pages); this is the
 *	value where the command gives none
 * @alloc: allocates one unit, returns 0 or an errno
 * @free: frees one unit
 * @units: the units that exist
 * @node: in the list of all cases
 */
struct test_case {
	const char *name;
	unsigned int arg;
	int (*alloc)(struct unit *unit);
	void (*free)(struct unit *unit);
	struct list_head units;
	struct list_head node;
};

extern struct list_head test_cases;

#define for_each_case(test) \
	list_for_each_entry(test, &test_cases, node)

/* What cannot be had is an answer here, not a report in the kernel's log. */
#define GFP_QUIET	(GFP_KERNEL | __GFP_NOWARN)

static inline int page_or_error(struct unit *unit, struct page *page)
{
	unit->page = page;
	return page ? 0 : -ENOMEM;
}

static inline int addr_or_error(struct unit *unit, void *addr)
{
	unit->addr = addr;
	return addr ? 0 : -ENOMEM;
}

struct test_case *find_case(const char *name);
int pgtag_test_keep(struct page *page, unsigned int order);
int init_cases(void);
void exit_cases(void);

#endif
