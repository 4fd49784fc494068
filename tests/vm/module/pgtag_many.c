// SPDX-License-Identifier: GPL-2.0
/*
 * A module with 8000 call sites, each of which allocates a page and frees it
 * when the module is loaded, with pauses in which tags are made; sites=1000 are as
 * many of them, in steps of 500. It says what two steps took, the third and the fourth,
 * and what the last two did, in the units of instructions(). Before the third there are
 * tags that were made already, and what is made later is for two steps:
 *
 *	pgtag_many: first <n> last <n>
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/minmax.h>
#include <linux/module.h>

#include "compat.h"

static noinline void give_back(struct page *page)
{
	if (page)
		__free_pages(page, 0);
}

#define ONE	give_back(alloc_pages(GFP_KERNEL, 0))
#define TEN	do { ONE; ONE; ONE; ONE; ONE; ONE; ONE; ONE; ONE; ONE; } while (0)
#define HUNDRED	do { TEN; TEN; TEN; TEN; TEN; TEN; TEN; TEN; TEN; TEN; } while (0)

#define FIVE_HUNDRED(name)						\
static noinline void pgtag_many_##name(void)				\
{									\
	HUNDRED; HUNDRED; HUNDRED; HUNDRED; HUNDRED;			\
}

FIVE_HUNDRED(a)
FIVE_HUNDRED(b)
FIVE_HUNDRED(c)
FIVE_HUNDRED(d)
FIVE_HUNDRED(e)
FIVE_HUNDRED(f)
FIVE_HUNDRED(g)
FIVE_HUNDRED(h)
FIVE_HUNDRED(i)
FIVE_HUNDRED(j)
FIVE_HUNDRED(k)
FIVE_HUNDRED(l)
FIVE_HUNDRED(m)
FIVE_HUNDRED(n)
FIVE_HUNDRED(o)
FIVE_HUNDRED(p)

static void (*const visits[])(void) = {
	pgtag_many_a, pgtag_many_b, pgtag_many_c, pgtag_many_d,
	pgtag_many_e, pgtag_many_f, pgtag_many_g, pgtag_many_h,
	pgtag_many_i, pgtag_many_j, pgtag_many_k, pgtag_many_l,
	pgtag_many_m, pgtag_many_n, pgtag_many_o, pgtag_many_p,
};

#define STEP	500

static unsigned int sites = STEP * ARRAY_SIZE(visits);
module_param(sites, uint, 0);

static u64 __init taken(void (*visit)(void))
{
	u64 before = instructions();

	visit();
	return instructions() - before;
}

static int __init pgtag_many_init(void)
{
	u64 steps[ARRAY_SIZE(visits)];
	size_t nr = min_t(size_t, sites / STEP, ARRAY_SIZE(visits));
	size_t i;

	for (i = 0; i < nr; i++) {
		steps[i] = taken(visits[i]);
		msleep(20);
	}
	if (nr >= 4)
		pr_info("first %llu last %llu\n", steps[2] + steps[3],
			steps[nr - 2] + steps[nr - 1]);
	return 0;
}
module_init(pgtag_many_init);

/* It has nothing left to undo, but may be removed. */
static void __exit pgtag_many_exit(void)
{
}
module_exit(pgtag_many_exit);

MODULE_DESCRIPTION("Allocates from thousands of places");
MODULE_LICENSE("GPL");
