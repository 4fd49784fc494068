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
 * The module does its work at load and then refuses to stay, so that nobody has
 * to remove it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/gfp.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>

#include "compat.h"

#define ROUNDS	256	/* the first ones also warm up caches and lists */
#define PAIRS	512	/* a round; this is also the size of the batch */

/* Too large for the stack. */
static struct page *batch[PAIRS];

static int __init pairs(gfp_t gfp, unsigned int order)
{
	int i;

	for (i = 0; i < PAIRS; i++) {
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

	for (i = 0; i < PAIRS; i++) {
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

	for (n = 0; n < PAIRS; n++) {
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
};

static int __init pgtag_bench_init(void)
{
	int err = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases) && !err; i++)
		err = measure(cases[i].name, cases[i].round);
	return err ?: -EAGAIN;
}
module_init(pgtag_bench_init);

MODULE_DESCRIPTION("Counts the instructions of page allocation");
MODULE_LICENSE("GPL");
