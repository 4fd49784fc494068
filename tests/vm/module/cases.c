// SPDX-License-Identifier: GPL-2.0
/*
 * The allocating functions here are noinline and __used, so that each exists
 * once, under its own name and without a compiler's suffix. All of them look at
 * the result of the allocator, so none ends in a tail call.
 */
#include <linux/irq_work.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/string.h>

#include "cases.h"
#include "object_cases.h"
#include "slab_cases.h"
#include "user_cases.h"

LIST_HEAD(test_cases);

/* Plain pages, @arg is the order. */

static noinline __used int pgtag_test_alloc_pages(struct unit *unit)
{
	return page_or_error(unit, alloc_pages(GFP_QUIET, unit->arg));
}

static noinline __used int pgtag_test_alloc_pages_node(struct unit *unit)
{
	return page_or_error(unit, alloc_pages_node(numa_mem_id(), GFP_QUIET,
						    unit->arg));
}

#ifdef pages_nolock
static noinline __used int pgtag_test_alloc_pages_nolock(struct unit *unit)
{
	return page_or_error(unit, pages_nolock(numa_mem_id(), unit->arg));
}
#endif

static void free_page_block(struct unit *unit)
{
	__free_pages(unit->page, unit->arg);
}

/*
 * All pages but the first are freed by whoever drops a reference that is not
 * the last one, in pieces. @arg is the order.
 */
static noinline __used int pgtag_test_extra_reference(struct unit *unit)
{
	struct page *page = alloc_pages(GFP_QUIET, unit->arg);

	if (!page)
		return -ENOMEM;
	get_page(page);
	__free_pages(page, unit->arg);
	return page_or_error(unit, page);
}

static int only_kept(struct unit *unit)
{
	return -EOPNOTSUPP;
}

#ifdef CONFIG_MEMORY_FAILURE
/* The memory broke while it was in use. It is lost then. */
static noinline __used int pgtag_test_broken(struct unit *unit)
{
	return page_or_error(unit, alloc_pages(GFP_QUIET | __GFP_COMP,
					       unit->arg));
}

static void free_broken(struct unit *unit)
{
	SetPageHWPoison(unit->page);
	__free_pages(unit->page, unit->arg);
}
#endif

/*
 * The kernel finds the last page bad as it is freed, and keeps all of them. @arg
 * is the order.
 */
static noinline __used int pgtag_test_bad(struct unit *unit)
{
	return page_or_error(unit, alloc_pages(GFP_QUIET, unit->arg));
}

static noinline __used int pgtag_test_bad_compound(struct unit *unit)
{
	return page_or_error(unit, alloc_pages(GFP_QUIET | __GFP_COMP,
					       unit->arg));
}

static void free_bad(struct unit *unit)
{
	static struct address_space nowhere;

	if (unit->arg)
		set_page_count(unit->page + (1 << unit->arg) - 1, 1);
	else
		unit->page->mapping = &nowhere;
	__free_pages(unit->page, unit->arg);
}

/* Two pages of their own. */
static noinline __used struct page *pgtag_test_culprit(void)
{
	struct page *page = alloc_pages(GFP_QUIET, 1);

	if (page)
		split_page(page, 1);
	return page;
}

/* The page behind one that is freed as if it were two. */
static noinline __used int pgtag_test_bad_behind(struct unit *unit)
{
	struct page *culprit = pgtag_test_culprit();

	if (!culprit)
		return -ENOMEM;
	__free_page(culprit + 1);
	/* What was freed last comes first. */
	unit->page = alloc_page(GFP_QUIET);
	if (unit->page == culprit + 1) {
		__free_pages(culprit, 1);
		return 0;
	}
	__free_page(culprit);
	if (!unit->page)
		return -ENOMEM;
	__free_page(unit->page);
	return -EAGAIN;
}

static noinline __used int pgtag_test_compound(struct unit *unit)
{
	return page_or_error(unit, alloc_pages(GFP_QUIET | __GFP_COMP,
					       unit->arg));
}

static void put_unit_page(struct unit *unit)
{
	put_page(unit->page);
}

static noinline __used int pgtag_test_folio_alloc(struct unit *unit)
{
	struct folio *folio = folio_alloc(GFP_QUIET, unit->arg);

	return page_or_error(unit, folio ? &folio->page : NULL);
}

static noinline __used int pgtag_test_get_free_pages(struct unit *unit)
{
	return addr_or_error(unit, (void *)__get_free_pages(GFP_QUIET,
							    unit->arg));
}

static noinline __used int pgtag_test_get_zeroed_page(struct unit *unit)
{
	return addr_or_error(unit, (void *)get_zeroed_page(GFP_QUIET));
}

static void free_addr(struct unit *unit)
{
	free_pages((unsigned long)unit->addr, unit->arg);
}

/* A block of pages, @arg is the order, that is made independent pages. */

static noinline __used int pgtag_test_split_page(struct unit *unit)
{
	int err = page_or_error(unit, alloc_pages(GFP_QUIET, unit->arg));

	if (!err)
		split_page(unit->page, unit->arg);
	return err;
}

static void free_split_page(struct unit *unit)
{
	int i;

	for (i = 0; i < 1 << unit->arg; i++)
		__free_page(unit->page + i);
}

/*
 * A page at the end of a path of @arg calls from three functions in turn. The frames of
 * two are addressed through the frame pointer: what is in them is aligned to more than
 * the stack is. The second of these knows only as it runs how much that is, and so
 * where its caller's frame is.
 */

static int pgtag_test_realigned(struct unit *unit, unsigned int calls);
static int pgtag_test_variable(struct unit *unit, unsigned int calls);

static noinline __used int pgtag_test_deep(struct unit *unit, unsigned int calls)
{
	if (!calls)
		return page_or_error(unit, alloc_page(GFP_QUIET));
	return pgtag_test_realigned(unit, calls - 1);
}

static noinline __used int pgtag_test_realigned(struct unit *unit, unsigned int calls)
{
	unsigned int aligned __aligned(64) = calls;

	asm volatile("" : "+m" (aligned));
	if (!aligned)
		return page_or_error(unit, alloc_page(GFP_QUIET));
	return pgtag_test_variable(unit, aligned - 1);
}

static noinline __used int pgtag_test_variable(struct unit *unit, unsigned int calls)
{
	unsigned int aligned __aligned(64) = calls;
	char *room;

	asm volatile("" : "+m" (aligned));
	room = __builtin_alloca(aligned + 1);
	asm volatile("" : : "r" (room) : "memory");
	if (!aligned)
		return page_or_error(unit, alloc_page(GFP_QUIET));
	return pgtag_test_deep(unit, aligned - 1);
}

static int alloc_deep(struct unit *unit)
{
	return pgtag_test_deep(unit, unit->arg);
}

static void free_deep(struct unit *unit)
{
	__free_page(unit->page);
}

/* The allocator is called on the interrupt stack, @arg is the order. */

struct irq_alloc {
	struct irq_work work;
	struct unit *unit;
	int err;
};

static noinline __used int pgtag_test_irq(struct unit *unit)
{
	return page_or_error(unit, alloc_pages(GFP_ATOMIC | __GFP_NOWARN, unit->arg));
}

static void alloc_on_irq(struct irq_work *work)
{
	struct irq_alloc *irq = container_of(work, struct irq_alloc, work);

	irq->err = pgtag_test_irq(irq->unit);
}

static int alloc_irq(struct unit *unit)
{
	struct irq_alloc irq = { .unit = unit };

	init_irq_work(&irq.work, alloc_on_irq);
	irq_work_queue(&irq.work);
	irq_work_sync(&irq.work);
	return irq.err;
}

/* @arg pages, less some bytes so that the size is no whole number of pages. */

static size_t exact_size(const struct unit *unit)
{
	return unit->arg * PAGE_SIZE - 100;
}

static noinline __used int pgtag_test_alloc_pages_exact(struct unit *unit)
{
	return addr_or_error(unit, alloc_pages_exact(exact_size(unit),
						     GFP_QUIET));
}

static void free_exact(struct unit *unit)
{
	free_pages_exact(unit->addr, exact_size(unit));
}

/*
 * The bulk allocator may return less than was asked for, without an error. The
 * callers here go on until they have all, through the same call.
 */

static bool bulk_complete(struct page *const *array)
{
	int i;

	for (i = 0; i < BULK_PAGES; i++)
		if (!array[i])
			return false;
	return true;
}

static void free_bulk_array(struct unit *unit)
{
	int i;

	for (i = 0; i < BULK_PAGES; i++)
		if (unit->array[i])
			__free_page(unit->array[i]);
}

static noinline __used int pgtag_test_bulk_array(struct unit *unit)
{
	int tries;

	for (tries = 0; tries < BULK_PAGES; tries++) {
		bulk_to_array(GFP_QUIET, BULK_PAGES, unit->array);
		if (bulk_complete(unit->array))
			return 0;
	}
	free_bulk_array(unit);
	return -ENOMEM;
}

/*
 * An array that somebody else filled in part: a run at the start, single
 * entries with holes between them, and the last one. 18 of the 48.
 */
static bool is_prefilled(int i)
{
	return i < 2 || i % 3 == 0 || i == BULK_PAGES - 1;
}

/* The unit whose pages bulk_fill finds in its array. */
static struct unit *prefilled;

static noinline __used int pgtag_test_bulk_prefill(struct unit *unit)
{
	int i;

	for (i = 0; i < BULK_PAGES; i++) {
		if (!is_prefilled(i))
			continue;
		unit->array[i] = alloc_page(GFP_QUIET);
		if (!unit->array[i]) {
			free_bulk_array(unit);
			return -ENOMEM;
		}
	}
	prefilled = unit;
	return 0;
}

static void free_bulk_prefill(struct unit *unit)
{
	if (prefilled == unit)
		prefilled = NULL;
	free_bulk_array(unit);
}

static void forget_prefilled(struct unit *unit)
{
	int i;

	for (i = 0; i < BULK_PAGES; i++)
		if (is_prefilled(i))
			unit->array[i] = NULL;
}

static noinline __used int pgtag_test_bulk_fill(struct unit *unit)
{
	int tries;
	bool complete = false;

	if (!prefilled)
		return -ENOENT;

	memcpy(unit->array, prefilled->array, sizeof(unit->array));
	for (tries = 0; tries < BULK_PAGES && !complete; tries++) {
		bulk_to_array(GFP_QUIET, BULK_PAGES, unit->array);
		complete = bulk_complete(unit->array);
	}
	forget_prefilled(unit);
	if (complete)
		return 0;
	free_bulk_array(unit);
	return -ENOMEM;
}

#ifdef bulk_to_list
static void free_bulk_list(struct unit *unit)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, &unit->pages, lru)
		__free_page(page);
}

static noinline __used int pgtag_test_bulk_list(struct unit *unit)
{
	unsigned long left = BULK_PAGES;

	while (left) {
		unsigned long got = bulk_to_list(GFP_QUIET, left,
						 &unit->pages);

		if (!got) {
			free_bulk_list(unit);
			return -ENOMEM;
		}
		left -= got;
	}
	return 0;
}
#endif

/*
 * A range of @arg pages out of memory that is free, at least for the moment before
 * this: somebody may be faster, so try more than once. It is the end of a large
 * block, which is what the allocator hands out last, and lies among pages that can
 * be moved away, or the kernel would not even try.
 */

static noinline unsigned long free_range(unsigned int nr)
{
	struct page *page = alloc_pages(GFP_HIGHUSER_MOVABLE | __GFP_NOWARN,
					LARGEST_ORDER);

	if (!page)
		return 0;
	__free_pages(page, LARGEST_ORDER);
	return page_to_pfn(page) + (1 << LARGEST_ORDER) - nr;
}

static noinline __used int pgtag_test_contig(struct unit *unit)
{
	unsigned long pfn;
	int tries;
	int err = -ENOMEM;

	for (tries = 0; tries < 10; tries++) {
		pfn = free_range(unit->arg);
		if (!pfn)
			return -ENOMEM;
		err = contig_range(pfn, pfn + unit->arg, GFP_QUIET);
		if (!err)
			return page_or_error(unit, pfn_to_page(pfn));
	}
	return err;
}

static void free_contig(struct unit *unit)
{
	free_contig_range(page_to_pfn(unit->page), unit->arg);
}

static struct test_case page_cases[] = {
	{ "alloc_pages", 0, pgtag_test_alloc_pages, free_page_block },
	{ "alloc_pages_node", 0, pgtag_test_alloc_pages_node, free_page_block },
#ifdef pages_nolock
	{ "alloc_pages_nolock", 0, pgtag_test_alloc_pages_nolock,
	  free_page_block },
#endif
	{ "extra_reference", 3, pgtag_test_extra_reference, put_unit_page },
	{ "kept", 0, only_kept, free_page_block },
#ifdef CONFIG_MEMORY_FAILURE
	{ "broken", 0, pgtag_test_broken, free_broken },
#endif
	{ "bad", 0, pgtag_test_bad, free_bad },
	{ "bad_compound", 1, pgtag_test_bad_compound, free_bad },
	{ "bad_behind", 0, pgtag_test_bad_behind, free_page_block },
	{ "compound", 3, pgtag_test_compound, put_unit_page },
	{ "folio_alloc", 0, pgtag_test_folio_alloc, put_unit_page },
	{ "get_free_pages", 0, pgtag_test_get_free_pages, free_addr },
	{ "get_zeroed_page", 0, pgtag_test_get_zeroed_page, free_addr },
	{ "split_page", 3, pgtag_test_split_page, free_split_page },
	{ "deep", 8, alloc_deep, free_deep },
	{ "irq", 0, alloc_irq, free_page_block },
	{ "alloc_pages_exact", 5, pgtag_test_alloc_pages_exact, free_exact },
	{ "bulk_array", 0, pgtag_test_bulk_array, free_bulk_array },
	{ "bulk_prefill", 0, pgtag_test_bulk_prefill, free_bulk_prefill },
	{ "bulk_fill", 0, pgtag_test_bulk_fill, free_bulk_array },
#ifdef bulk_to_list
	{ "bulk_list", 0, pgtag_test_bulk_list, free_bulk_list },
#endif
	{ "contig", 512, pgtag_test_contig, free_contig },
	{}
};

/**
 * find_case() - the case of this name
 * @name: what the control file calls it
 *
 * Return: NULL where there is none on this kernel.
 */
struct test_case *find_case(const char *name)
{
	struct test_case *test;

	for_each_case(test)
		if (!strcmp(test->name, name))
			return test;
	return NULL;
}

static void add_cases(struct test_case *cases)
{
	struct test_case *test;

	for (test = cases; test->name; test++) {
		INIT_LIST_HEAD(&test->units);
		list_add_tail(&test->node, &test_cases);
	}
}

/**
 * init_cases() - make all cases ready to allocate
 *
 * Return: 0, or an errno where the device that one of them needs cannot be had.
 */
int init_cases(void)
{
	add_cases(page_cases);
	add_cases(user_cases);
	add_cases(slab_cases);
	add_cases(object_cases);
	return init_user_cases();
}

/**
 * exit_cases() - counterpart of init_cases(), all units are freed before
 */
void exit_cases(void)
{
	exit_user_cases();
}
