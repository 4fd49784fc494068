// SPDX-License-Identifier: GPL-2.0
/*
 * Instructions per page allocation and free, for a guest whose clock counts
 * them (see instructions() in compat.h). Prints one line a case:
 *
 *	pgtag_bench: <case> <instructions per pair>
 *
 * Each case is a loop that is run for several rounds, of which the cheapest
 * counts: a round is much shorter than a timer tick, so some rounds are without
 * interrupts. The loop itself, a few instructions, is part of the figure.
 *
 * With marks=1 a single pair of each case is marked for QEMU's plugin (marks.h), some
 * times, and then what 1, 2 and 4 CPUs do at the same time; own=FIRST,LAST are the
 * addresses of the first and the last function whose part in that is told apart. A
 * line before says what the plugin's next ones are:
 *
 *	pgtag_bench: marks <case> <how many times> <pairs each time>
 *
 * With map=1 it does nothing of all that, and reads the flags of every page that is
 * online instead, between two marks:
 *
 *	pgtag_bench: map <pages>
 *
 * The module does its work at load and then refuses to stay, so that nobody has
 * to remove it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/kthread.h>
#include <linux/math64.h>
#include <linux/memory_hotplug.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "compat.h"
#include "marks.h"

#define ROUNDS	256	/* the first ones also warm up caches and lists */
#define PAIRS	512	/* a round; this is also the size of the batch */

#define MARKED	16	/* so many times is what is marked done */
#define TURNS	16	/* of all sites, with several CPUs */
#define MOST_CPUS	4

static bool map;
module_param(map, bool, 0);

static bool marks;
module_param(marks, bool, 0);

static unsigned long own[2];
module_param_array(own, ulong, NULL, 0);

/* How many pairs a round has: all, or the one that is marked. */
static int nr = PAIRS;

/* Too large for the stack. */
static struct page *batch[PAIRS];
static void *objects[PAIRS];

/* Blocks of each of these orders, see leave_free(). */
static const unsigned int orders[] = { 3, 9 };
#define HELD	64
static struct page *held[ARRAY_SIZE(orders)][HELD];

static int __init pairs(gfp_t gfp, unsigned int order)
{
	int i;

	for (i = 0; i < nr; i++) {
		struct page *page = alloc_pages(gfp, order);

		if (!page)
			return -ENOMEM;
		__free_pages(page, order);
	}
	return 0;
}

static int __init order0(void)
{
	return pairs(GFP_KERNEL, 0);
}

static int __init order3(void)
{
	return pairs(GFP_KERNEL, 3);
}

static int __init order3_comp(void)
{
	return pairs(GFP_KERNEL | __GFP_COMP, 3);
}

static int __init order9(void)
{
	return pairs(GFP_KERNEL, 9);
}

static int __init order9_comp(void)
{
	return pairs(GFP_KERNEL | __GFP_COMP, 9);
}

static int __init get_free_page(void)
{
	int i;

	for (i = 0; i < nr; i++) {
		unsigned long addr = __get_free_page(GFP_KERNEL);

		if (!addr)
			return -ENOMEM;
		free_page(addr);
	}
	return 0;
}

static int __init batch512(void)
{
	int err = 0;
	int n;

	for (n = 0; n < nr; n++) {
		batch[n] = alloc_page(GFP_KERNEL);
		if (!batch[n]) {
			err = -ENOMEM;
			break;
		}
	}
	while (n--)
		__free_page(batch[n]);
	return err;
}

static int __init vmalloc_16k(void)
{
	int i;

	for (i = 0; i < nr; i++) {
		void *memory = vmalloc(4 * PAGE_SIZE);

		if (!memory)
			return -ENOMEM;
		vfree(memory);
	}
	return 0;
}

/* So many objects at a time that slabs come and go. */
static int __init slab_4k(void)
{
	int err = 0;
	int n;

	for (n = 0; n < nr; n++) {
		objects[n] = kmalloc(4096, GFP_KERNEL);
		if (!objects[n]) {
			err = -ENOMEM;
			break;
		}
	}
	while (n--)
		kfree(objects[n]);
	return err;
}

static int __init kmalloc_64(void)
{
	int i;

	for (i = 0; i < nr; i++) {
		void *object = kmalloc(64, GFP_KERNEL);

		if (!object)
			return -ENOMEM;
		kfree(object);
	}
	return 0;
}

static int __init kmalloc_size(void)
{
	static size_t size = 200;
	int i;

	OPTIMIZER_HIDE_VAR(size);
	for (i = 0; i < nr; i++) {
		void *object = kmalloc(size, GFP_KERNEL);

		if (!object)
			return -ENOMEM;
		kfree(object);
	}
	return 0;
}

static noinline void give_back(struct page *page)
{
	if (page)
		__free_page(page);
}

/* The site's frame is addressed through the frame pointer, as that of few is. */
static noinline int realigned(void)
{
	int left __aligned(64) = nr;

	for (; left; left--) {
		struct page *page;

		asm volatile("" : "+m" (left));
		page = alloc_page(GFP_KERNEL);
		if (!page)
			return -ENOMEM;
		__free_page(page);
	}
	return 0;
}

static int __init order0_realigned(void)
{
	return realigned();
}

#define SITE	give_back(alloc_page(GFP_KERNEL))
#define SITES	16

static noinline void each_site(void)
{
	SITE; SITE; SITE; SITE; SITE; SITE; SITE; SITE;
	SITE; SITE; SITE; SITE; SITE; SITE; SITE; SITE;
}

/* One after the other, so that no site is the one that was seen last. */
static int __init sites16(void)
{
	int i;

	for (i = 0; i < nr; i += SITES)
		each_site();
	return 0;
}

static int __init measure(const char *name, int (*round)(void))
{
	u64 best = U64_MAX;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		u64 start = instructions();
		int err = round();

		if (err)
			return err;
		best = min(best, instructions() - start);
		cond_resched();
	}
	pr_info("%s %llu\n", name, div_u64(best, PAIRS));
	return 0;
}

static const struct {
	const char *name;
	int (*round)(void);
} cases[] = {
	{ "order0", order0 },
	{ "order3", order3 },
	{ "order3_comp", order3_comp },
	{ "order9", order9 },
	{ "order9_comp", order9_comp },
	{ "get_free_page", get_free_page },
	{ "batch512", batch512 },
	{ "vmalloc_16k", vmalloc_16k },
	{ "sites16", sites16 },
	{ "realigned", order0_realigned },
	{ "slab_4k", slab_4k },
	{ "kmalloc_64", kmalloc_64 },
	{ "kmalloc_size", kmalloc_size },
};

static int __init mark_once(const char *name, int (*round)(void))
{
	int err = 0;
	int i;

	pr_info("marks %s %d %d\n", name, MARKED, round == sites16 ? SITES : 1);
	err = round();
	nr = 1;
	for (i = 0; i < MARKED && !err; i++) {
		mark(MARK_RESET);
		mark(MARK_BEGIN);
		err = round();
		mark(MARK_END);
		mark(MARK_REPORT);
	}
	nr = PAIRS;
	return err;
}

static atomic_t waiting;	/* for all of these threads to be there */
static DECLARE_COMPLETION(turns_done);

static int take_turns(void *unused)
{
	int i;

	each_site();
	atomic_dec(&waiting);
	while (atomic_read(&waiting))
		cond_resched();
	mark(MARK_BEGIN);
	for (i = 0; i < TURNS; i++)
		each_site();
	mark(MARK_END);
	/* Not back to here, which may be gone. */
	kthread_complete_and_exit(&turns_done, 0);
}

static int __init together(int cpus)
{
	struct task_struct *tasks[MOST_CPUS];
	int i;

	atomic_set(&waiting, cpus);
	for (i = 0; i < cpus; i++) {
		tasks[i] = kthread_create(take_turns, NULL, "pgtag_bench");
		if (IS_ERR(tasks[i])) {
			int err = PTR_ERR(tasks[i]);

			while (i--)
				kthread_stop(tasks[i]);
			return err;
		}
		kthread_bind(tasks[i], i);
	}
	for (i = 0; i < cpus; i++)
		wake_up_process(tasks[i]);
	for (i = 0; i < cpus; i++)
		wait_for_completion(&turns_done);
	return 0;
}

/* Its CPUs are those below, on a machine without holes. */
static int __init mark_cpus(int cpus)
{
	int err = 0;
	int i;

	if (cpus > num_online_cpus())
		return 0;
	pr_info("marks cpus%d %d %d\n", cpus, MARKED, cpus * TURNS * SITES);
	for (i = 0; i < MARKED && !err; i++) {
		mark(MARK_RESET);
		err = together(cpus);
		mark(MARK_REPORT);
	}
	return err;
}

static int __init mark_all(void)
{
	const char *first = (char *)own[0];
	const char *last = (char *)own[1];
	int err = 0;
	size_t i;

	if (last) {
		mark(MARK_OWN);
		READ_ONCE(*first);
		READ_ONCE(*last);
	}
	for (i = 0; i < ARRAY_SIZE(cases) && !err; i++)
		err = mark_once(cases[i].name, cases[i].round);
	for (i = 1; i <= MOST_CPUS && !err; i *= 2)
		err = mark_cpus(i);
	return err;
}

/*
 * Whether a free block of an order is there decides how far the check of the watermarks
 * looks, some instructions, and what was loaded before decides that. So see to it that
 * there are some: more than the CPU keeps for itself, and with their buddies in use.
 */
static void __init leave_free(struct page **pages, unsigned int order)
{
	int i;

	for (i = 0; i < HELD; i++)
		pages[i] = alloc_pages(GFP_KERNEL, order);
	for (i = 0; i < HELD; i++) {
		if (pages[i] && page_to_pfn(pages[i]) & BIT(order)) {
			__free_pages(pages[i], order);
			pages[i] = NULL;
		}
	}
}

static void __init give_back_held(struct page **pages, unsigned int order)
{
	int i;

	for (i = 0; i < HELD; i++) {
		if (pages[i])
			__free_pages(pages[i], order);
	}
}

static int __init measure_all(void)
{
	int err = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(orders); i++)
		leave_free(held[i], orders[i]);
	for (i = 0; i < ARRAY_SIZE(cases) && !err; i++)
		err = measure(cases[i].name, cases[i].round);
	for (i = 0; i < ARRAY_SIZE(orders); i++)
		give_back_held(held[i], orders[i]);
	return err;
}

/* As everybody reads it: page by page, for any may have gone. */
static int __init read_map(void)
{
	unsigned long end = PFN_UP(virt_to_phys(high_memory - 1));
	unsigned long flags = 0, pages = 0;
	unsigned long pfn;

	mark(MARK_RESET);
	mark(MARK_COUNT);
	for (pfn = 0; pfn < end; pfn++) {
		struct page *page = pfn_to_online_page(pfn);

		if (!page)
			continue;
		flags |= page_flags_word(page);
		pages++;
	}
	mark(MARK_END);
	mark(MARK_REPORT);
	pr_info("map %lu\n", pages);
	return flags ? 0 : -ENODATA;
}

static int __init pgtag_bench_init(void)
{
	int err = map ? read_map() : marks ? mark_all() : measure_all();

	return err ?: -EAGAIN;
}
module_init(pgtag_bench_init);

MODULE_DESCRIPTION("Counts the instructions of page allocation");
MODULE_LICENSE("GPL");
