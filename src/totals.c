// SPDX-License-Identifier: GPL-2.0
/*
 * What was allocated in all, and the most that was in use at once, by tag: since the
 * tag came, or since somebody had it begin anew.
 *
 * All allocations are counted by themselves (@pgtag_made), for ever, so what there were
 * since a moment is what there are more than then. A hook that knew of a peak would
 * have to compare what all CPUs have; instead a worker looks, at so many counters each
 * time and no more, and so does whoever reads it. What comes and goes between two looks
 * is not seen.
 */
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <pgtag/totals.h>
#include <pgtag/work.h>

/* How often the worker looks, and at how many counters then: some ms. */
#define INTERVAL	HZ
#define BUDGET		(1U << 15)

/**
 * struct start - where a tag began
 * @made: what had been allocated then
 * @peak: the most that was seen in use since, as in &struct pgtag_past
 */
struct start {
	struct pgtag_counter made;
	s64 peak;
};

static DEFINE_SPINLOCK(lock);	/* the starts; nobody comes here in an interrupt */
static struct start **blocks;	/* by index, of PGTAG_BLOCK each */
static u32 most_blocks;
static u32 nr_blocks;
static u32 next;		/* where the worker goes on */
static unsigned long rounds;	/* so often it has looked at all */

static struct start *start_of(u32 index)
{
	return &blocks[index / PGTAG_BLOCK][index % PGTAG_BLOCK];
}

static struct pgtag_past look(u32 index)
{
	struct start *start = start_of(index);
	struct pgtag_past past;

	past.made = pgtag_counters_made(index, &past.in_use);
	past.made.pages -= start->made.pages;
	past.made.tails -= start->made.tails;
	start->peak = max(start->peak, past.in_use.pages);
	past.peak = start->peak;
	return past;
}

/**
 * pgtag_totals_read - what became of a tag
 * @index: a valid index; there are totals
 *
 * Context: process context.
 */
struct pgtag_past pgtag_totals_read(u32 index)
{
	struct pgtag_past past;

	spin_lock(&lock);
	past = look(index);
	spin_unlock(&lock);
	return past;
}

/**
 * pgtag_totals_reset - begin anew with what a tag owns now
 * @index: a valid index
 *
 * Context: process context.
 */
void pgtag_totals_reset(u32 index)
{
	struct pgtag_counter in_use;

	if (!pgtag_totals_on())
		return;
	spin_lock(&lock);
	start_of(index)->made = pgtag_counters_made(index, &in_use);
	start_of(index)->peak = max(in_use.pages, 0LL);
	spin_unlock(&lock);
}

static void look_around(struct work_struct *work);
static DECLARE_DELAYED_WORK(looker, look_around);

static void look_around(struct work_struct *work)
{
	u32 left = max(BUDGET / pgtag_counters_each(), 1U);
	/* Pairs with the release in pgtag_counters_add(). */
	u32 end = CODETAG_ID_FIRST + smp_load_acquire(&pgtag_counters_ready);

	while (left-- && next < end) {
		pgtag_totals_read(next++);
		cond_resched();
	}
	if (next >= end) {
		next = CODETAG_ID_FIRST;
		WRITE_ONCE(rounds, rounds + 1);
	}
	pgtag_work_later(&looker, INTERVAL);
}

/**
 * pgtag_totals_init - make room for totals, and begin to look for peaks
 * @end: one past the last index
 *
 * Context: process context, may sleep; no counter is there.
 * Return: 0 or -ENOMEM.
 */
int pgtag_totals_init(u32 end)
{
	most_blocks = DIV_ROUND_UP(end, PGTAG_BLOCK);
	blocks = kvcalloc(most_blocks, sizeof(*blocks), GFP_KERNEL);
	if (!blocks)
		return -ENOMEM;
	next = CODETAG_ID_FIRST;
	rounds = 0;
	pgtag_work_later(&looker, INTERVAL);
	return 0;
}

/**
 * pgtag_totals_add - have room for one block of indices more
 *
 * Context: process context, may sleep; before their counters are there.
 * Return: 0 or -ENOMEM.
 */
int pgtag_totals_add(void)
{
	struct start *block;

	if (!pgtag_totals_on())
		return 0;
	block = kvcalloc(PGTAG_BLOCK, sizeof(*block), GFP_KERNEL);
	if (!block)
		return -ENOMEM;
	blocks[nr_blocks++] = block;
	return 0;
}

/**
 * pgtag_totals_exit - no more
 *
 * Context: process context, may sleep. Nobody reads or resets any.
 */
void pgtag_totals_exit(void)
{
	cancel_delayed_work_sync(&looker);
	while (nr_blocks)
		kvfree(blocks[--nr_blocks]);
	kvfree(blocks);
	blocks = NULL;
	most_blocks = 0;
}

/**
 * pgtag_totals_on - are there any?
 *
 * Context: any; there are tags.
 */
bool pgtag_totals_on(void)
{
	return blocks;
}

/**
 * pgtag_totals_rounds - how often each tag was looked at for its peak
 *
 * Context: any.
 */
unsigned long pgtag_totals_rounds(void)
{
	return READ_ONCE(rounds);
}

/**
 * pgtag_totals_memory - what they take, in bytes, beside the counters
 *
 * Context: any; there are tags.
 */
size_t pgtag_totals_memory(void)
{
	return most_blocks * sizeof(*blocks) +
	       READ_ONCE(nr_blocks) * PGTAG_BLOCK * sizeof(**blocks);
}
