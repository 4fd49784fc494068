// SPDX-License-Identifier: GPL-2.0
/*
 * Many threads at once allocate in the ways of the cases, and free what any of
 * them has allocated. Which ways, and with how much, is drawn from a seed.
 *
 * All units lie in one pool. A thread takes one out of a place of the pool and
 * frees it, or puts a new one there, so that hardly any page is freed by the
 * thread, or on the CPU, that allocated it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/prandom.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "cases.h"
#include "torture.h"

#define POOL_SIZE	256
#define HANDED_SIZE	4

/* The argument is drawn from @least to @most, small ones more often. */
struct way {
	const char *name;
	unsigned int share;	/* how often, relative to the others */
	unsigned int least;
	unsigned int most;
	bool anywhere;		/* can be freed in an interrupt */
	struct test_case *test;
};

static struct way ways[] = {
	{ "alloc_pages",	300, 0, 9, true },
	{ "alloc_pages_node",	100, 0, 3, true },
	{ "alloc_pages_nolock",	 50, 0, 2, true },
	{ "extra_reference",	100, 1, 6, true },
	{ "compound",		100, 1, 9, true },
	{ "folio_alloc",	200, 0, 9, true },
	{ "get_free_pages",	100, 0, 3, true },
	{ "get_zeroed_page",	 50, 0, 0, true },
	{ "split_page",		 50, 1, 6, true },
	{ "irq",		 50, 0, 3, true },
	{ "alloc_pages_exact",	 50, 1, 20, true },
	{ "bulk_array",		 20, 0, 0, true },
	{ "bulk_list",		 20, 0, 0, true },
	{ "contig",		  1, 1, 64, false },
	{ "vmalloc",		  5, 1, 64, true },
	{ "vzalloc",		  5, 1, 16, true },
	{ "kvmalloc",		  5, 1, 64, true },
	{ "kmalloc",		 50, 0, 0, true },
	{ "kmalloc_size",	 50, 1, 30, true },
	{ "kmalloc_node",	 50, 1, 30, true },
	{ "page_frag",		 50, 0, 0, true },
	{ "page_pool",		  5, 1, BULK_PAGES, false },
	{ "dma_coherent",	 20, 1, 16, false },
	{ "percpu",		  5, 0, 0, false },
};

/* A unit in the pool. */
struct load {
	struct unit unit;
	const struct way *way;
	struct rcu_head rcu;
	struct irq_work irq;
};

struct thread {
	struct rnd_state random;
	struct completion done;
};

static struct load *pool[POOL_SIZE];
static struct page *handed[HANDED_SIZE];
static unsigned int shares;
static atomic64_t left;		/* units still to be allocated */
static atomic64_t failures;	/* units that were not to be had */
static atomic_t interrupts;	/* units that one is about to free */

static unsigned int any(struct rnd_state *random, unsigned int below)
{
	return prandom_u32_state(random) % below;
}

static void free_load(struct load *load)
{
	load->way->test->free(&load->unit);
	kfree(load);
}

static void free_after_grace_period(struct rcu_head *rcu)
{
	free_load(container_of(rcu, struct load, rcu));
}

static void free_in_interrupt(struct irq_work *irq)
{
	struct load *load = container_of(irq, struct load, irq);

	load->way->test->free(&load->unit);
	/* The irq_work is in use until this returns. */
	kfree_rcu(load, rcu);
	atomic_dec(&interrupts);
}

static void free_somehow(struct rnd_state *random, struct load *load)
{
	unsigned int how = any(random, 16);

	if (!load->way->anywhere || how > 1) {
		free_load(load);
	} else if (how) {
		call_rcu(&load->rcu, free_after_grace_period);
	} else {
		atomic_inc(&interrupts);
		init_irq_work(&load->irq, free_in_interrupt);
		irq_work_queue(&load->irq);
	}
}

static const struct way *any_way(struct rnd_state *random)
{
	unsigned int n = any(random, shares);
	const struct way *way = ways;

	while (n >= way->share)
		n -= way++->share;
	return way;
}

static struct load *new_load(struct rnd_state *random)
{
	struct load *load = kzalloc(sizeof(*load), GFP_KERNEL);
	unsigned int range;

	if (!load)
		return NULL;
	load->way = any_way(random);
	range = load->way->most - load->way->least + 1;
	load->unit.arg = load->way->least +
			 any(random, 1 + any(random, range));
	INIT_LIST_HEAD(&load->unit.pages);
	if (!load->way->test->alloc(&load->unit))
		return load;
	atomic64_inc(&failures);
	kfree(load);
	return NULL;
}

static void hand_over(struct page **place, struct page *page)
{
	page = xchg(place, page);
	if (page)
		put_page(page);
}

/*
 * Two have a reference to a block that is not compound, and drop them at the
 * same time: one as an allocation, the other, which may be a thread that just
 * found it, as a page.
 */
static noinline __used void pgtag_test_two_owners(struct rnd_state *random)
{
	unsigned int order = any(random, 4);
	struct page *page = alloc_pages(GFP_KERNEL, order);

	if (!page)
		return;
	get_page(page);
	hand_over(&handed[any(random, HANDED_SIZE)], page);
	__free_pages(page, order);
}

static void one_step(struct rnd_state *random)
{
	struct load **place = &pool[any(random, POOL_SIZE)];
	struct load *load = xchg(place, NULL);

	if (!any(random, 16))
		pgtag_test_two_owners(random);
	if (load) {
		free_somehow(random, load);
		return;
	}
	atomic64_dec(&left);
	load = new_load(random);
	if (load)
		load = xchg(place, load);
	if (load)
		free_somehow(random, load);
}

static int run_thread(void *data)
{
	struct thread *thread = data;

	while (atomic64_read(&left) > 0) {
		one_step(&thread->random);
		/* Who detaches a hook waits for this. */
		cond_resched_tasks_rcu_qs();
	}
	complete(&thread->done);
	return 0;
}

static void empty_pool(void)
{
	int i;

	for (i = 0; i < POOL_SIZE; i++) {
		struct load *load = xchg(&pool[i], NULL);

		if (load)
			free_load(load);
	}
	for (i = 0; i < HANDED_SIZE; i++)
		hand_over(&handed[i], NULL);
	while (atomic_read(&interrupts))
		msleep(20);
	rcu_barrier();
}

/* Ways this kernel does not have get no share. */
static void find_cases(void)
{
	size_t i;

	shares = 0;
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		ways[i].test = find_case(ways[i].name);
		if (!ways[i].test)
			ways[i].share = 0;
		shares += ways[i].share;
	}
}

static int launch(struct thread *thread, u64 seed)
{
	struct task_struct *task;

	prandom_seed_state(&thread->random, seed);
	init_completion(&thread->done);
	task = kthread_run(run_thread, thread, "pgtag_torture");
	return PTR_ERR_OR_ZERO(task);
}

/* Who is killed waits only until all have noticed. */
static void wait_for(struct thread *thread)
{
	if (!wait_for_completion_killable(&thread->done))
		return;
	atomic64_set(&left, 0);
	wait_for_completion(&thread->done);
}

/**
 * torture() - allocate and free in all ways, with a thread for each CPU
 * @seed: what is drawn depends on this alone; what comes of it, on timing
 * @units: how many units are allocated, and freed again, all in all
 *
 * Context: process context, one at a time. Sleeps until all is freed, which is soon
 * if the caller is killed.
 * Return: 0, or an errno where the threads could not be had.
 */
int torture(unsigned int seed, unsigned int units)
{
	unsigned int n = num_online_cpus(), started = 0, i;
	struct thread *threads = kcalloc(n, sizeof(*threads), GFP_KERNEL);
	int err = 0;

	if (!threads)
		return -ENOMEM;
	find_cases();
	atomic64_set(&left, units);
	atomic64_set(&failures, 0);
	for (i = 0; i < n && !err; i++) {
		err = launch(&threads[i], ((u64)seed << 32) + i);
		started += !err;
	}
	for (i = 0; i < started; i++)
		wait_for(&threads[i]);
	empty_pool();
	kfree(threads);
	pr_info("seed %u: %u units, %lld not to be had\n", seed,
		units, (long long)atomic64_read(&failures));
	return err;
}
