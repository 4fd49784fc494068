/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cases of pgtag_test: ways to get pages, each with a function of its own
 * whose name then is the call site's.
 */
#ifndef PGTAG_TEST_CASES_H
#define PGTAG_TEST_CASES_H

#include <linux/list.h>
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
 */
struct test_case {
	const char *name;
	unsigned int arg;
	int (*alloc)(struct unit *unit);
	void (*free)(struct unit *unit);
	struct list_head units;
};

/* Ends with an entry that has no name. */
extern struct test_case test_cases[];

#define for_each_case(test) \
	for ((test) = test_cases; (test)->name; (test)++)

struct test_case *find_case(const char *name);
int pgtag_test_keep(struct page *page, unsigned int order);
int init_cases(void);
void exit_cases(void);

#endif
