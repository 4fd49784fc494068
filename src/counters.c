// SPDX-License-Identifier: GPL-2.0
/*
 * What tags own, in blocks that stay until the module goes: a hook may hold a
 * counter, and nodes have them (nodes.h).
 */
#include <linux/cpumask.h>
#include <linux/vmalloc.h>

#include <pgtag/counters.h>

struct pgtag_counter __percpu **pgtag_counters;
struct pgtag_counter __percpu **pgtag_made;
u32 pgtag_counters_ready;

long pgtag_order_pages[BITS_PER_LONG] __read_mostly;
long pgtag_order_minus[BITS_PER_LONG] __read_mostly;

/* The first index that has none: that of a block. */
static u32 next_index(void)
{
	return pgtag_counters_ready ? CODETAG_ID_FIRST + pgtag_counters_ready : 0;
}

static bool two_each(void)
{
	return pgtag_made != pgtag_counters;
}

/**
 * pgtag_counters_each - how many counters a tag has, on all CPUs
 *
 * Context: any.
 */
unsigned int pgtag_counters_each(void)
{
	return num_possible_cpus() << two_each();
}

/**
 * pgtag_counters_init - make room for counters
 * @end: one past the last index that may get some
 * @totals: count allocations by themselves
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int pgtag_counters_init(u32 end, bool totals)
{
	unsigned int order;

	for (order = 0; order < BITS_PER_LONG; order++) {
		pgtag_order_pages[order] = 1UL << order;
		pgtag_order_minus[order] = -(1UL << order);
	}
	pgtag_counters_ready = 0;
	pgtag_counters = vcalloc(end, sizeof(*pgtag_counters));
	pgtag_made = totals ? vcalloc(end, sizeof(*pgtag_made)) : pgtag_counters;
	return pgtag_counters && pgtag_made ? 0 : -ENOMEM;
}

/**
 * pgtag_counters_exit - give the counters' memory back
 *
 * Context: process context, may sleep. No hook may run any more, and nobody
 * read counters.
 */
void pgtag_counters_exit(void)
{
	u32 i;

	for (i = 0; i < next_index(); i += PGTAG_BLOCK)
		free_percpu(pgtag_counters[i]);
	pgtag_counters_ready = 0;
	if (two_each())
		vfree(pgtag_made);
	pgtag_made = NULL;
	vfree(pgtag_counters);
	pgtag_counters = NULL;
}

/**
 * pgtag_counters_add - have counters for one block of indices more
 * @end: as pgtag_counters_init() was told; there are some without
 *
 * Context: process context, may sleep; callers are serialized.
 * Return: 0 or -ENOMEM.
 */
int pgtag_counters_add(u32 end)
{
	u32 first = next_index();
	u32 nr = min(PGTAG_BLOCK, end - first);
	size_t size = sizeof(struct pgtag_counter) << two_each();
	struct pgtag_counter __percpu *block;
	u32 i;

	block = __alloc_percpu(nr * size, size);
	if (!block)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		/* A tag's two are neighbours, in one cache line. */
		pgtag_counters[first + i] = block + (i << two_each());
		pgtag_made[first + i] = pgtag_counters[first + i] + two_each();
	}
	/* Whoever sees the new limit sees the counters below it. */
	smp_store_release(&pgtag_counters_ready, first + nr - CODETAG_ID_FIRST);
	return 0;
}

/* A counter that changes all the time is read so often. */
#define READ_TRIES	4

/*
 * What is under way on this CPU now is half seen only by chance, and then as calls
 * that are too many: the tails of a block come last and go first.
 */
static void add_part(struct pgtag_counter *sum, const struct pgtag_counter *part)
{
	int tries = READ_TRIES;
	s64 pages, tails;

	do {
		/* In this order, as seen by who changes them in another. */
		tails = smp_load_acquire(&part->tails);
		/* And then the first one again. */
		pages = smp_load_acquire(&part->pages);
	} while (tails != READ_ONCE(part->tails) && --tries);
	sum->pages += pages;
	sum->tails += tails;
}

static void add_all(struct pgtag_counter *sum, struct pgtag_counter __percpu *counter)
{
	int cpu;

	for_each_possible_cpu(cpu)
		add_part(sum, per_cpu_ptr(counter, cpu));
}

/**
 * pgtag_counters_sum - what a tag owns, over all CPUs
 * @index: a valid index
 *
 * Context: any. Not a snapshot: pages may come and go while CPUs are added. With
 * totals what goes is read first, so no page is seen to go and not to come.
 */
struct pgtag_counter pgtag_counters_sum(u32 index)
{
	struct pgtag_counter sum = { };

	add_all(&sum, pgtag_counters[index]);
	if (two_each())
		add_all(&sum, pgtag_made[index]);
	return sum;
}

/**
 * pgtag_counters_made - what was allocated in all, over all CPUs
 * @index: a valid index; there are totals
 * @in_use: set to what the tag owns
 *
 * What comes is read first: what comes and goes meanwhile is not taken for more than
 * there ever was at once.
 *
 * Context: any.
 */
struct pgtag_counter pgtag_counters_made(u32 index, struct pgtag_counter *in_use)
{
	struct pgtag_counter sum = { };

	add_all(&sum, pgtag_made[index]);
	*in_use = sum;
	add_all(in_use, pgtag_counters[index]);
	return sum;
}

/**
 * pgtag_counters_memory - what the counters take, in bytes
 * @end: as pgtag_counters_init() was told
 *
 * Context: any.
 */
size_t pgtag_counters_memory(u32 end)
{
	return (end * sizeof(*pgtag_counters) << two_each()) +
	       next_index() * sizeof(struct pgtag_counter) * pgtag_counters_each();
}
