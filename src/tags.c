// SPDX-License-Identifier: GPL-2.0
/*
 * Tags are numbered in the order their sites are first seen. A site may be
 * seen first in any context, so tags and counters are there before they are
 * asked for: a worker keeps a stock of them.
 *
 * The name of a site is looked up when somebody wants to read it. When its
 * code goes, the name is kept; when its last page has gone too, the index is
 * used again: the worker looks for such whenever the stock is low. Readers of
 * a name and of what it owns stand in one RCU section, and the kernel lets one
 * pass between the time that code has no names any more and that there is other
 * code: an address that is read there is not taken for another's.
 */
#include <linux/cpumask.h>
#include <linux/llist.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include <pgtag/tags.h>
#include <pgtag/work.h>

/*
 * Counters are allocated for this many tags at once: 16 KiB a CPU, half of
 * what the per-CPU allocator gives in one piece.
 */
#define BLOCK		1024U
/* With fewer tags left than this the worker is sent for the next block. */
#define STOCK		512U

#define MAX_BLOCKS	DIV_ROUND_UP(PGTAG_MAX_PATHS, BLOCK)

/* Indices that wait together for readers to leave. */
#define BATCH		512

/* A counter that changes all the time is read so often. */
#define READ_TRIES	4

/* How long to wait where there is no memory for counters. */
#define RETRY		HZ

struct pgtag_counter __percpu **pgtag_counters;
u32 pgtag_counters_ready;

long pgtag_order_pages[BITS_PER_LONG] __read_mostly;
long pgtag_order_minus[BITS_PER_LONG] __read_mostly;

struct pgtag *pgtag_tags;
static struct pgtag_counter __percpu *blocks[MAX_BLOCKS];
static u32 capacity;
static u32 end;			/* one past the last tag; written by learners */
static u32 shared;		/* the tag for all that find none, or 0 */
static void (*on_full)(void);	/* what to call when there is none */
static LLIST_HEAD(spares);	/* learners take, the reclaimer gives */
DEFINE_MUTEX(pgtag_reclaimers);	/* indices that are to be used again */

static int add_block(void)
{
	u32 ready = pgtag_counters_ready;
	struct pgtag_counter __percpu *block;
	u32 nr = min(BLOCK, capacity - ready);
	u32 i;

	block = __alloc_percpu(nr * sizeof(*block), sizeof(*block));
	if (!block)
		return -ENOMEM;
	blocks[ready / BLOCK] = block;
	for (i = 0; i < nr; i++)
		pgtag_counters[CODETAG_ID_FIRST + ready + i] = block + i;
	/* Whoever sees the new limit sees the counters below it. */
	smp_store_release(&pgtag_counters_ready, ready + nr);
	return 0;
}

/* How many new tags can be given out before counters are needed? */
static u32 stock(void)
{
	return CODETAG_ID_FIRST + READ_ONCE(pgtag_counters_ready) -
	       READ_ONCE(end);
}

/*
 * Has its code gone, its nodes, and its pages? Of a tag without nodes nothing
 * but pages is ever taken away, so bytes that add up to none are none, though
 * CPUs are read one by one.
 */
static bool reclaimable(u32 index)
{
	return pgtag_tag_gone(index) && !READ_ONCE(pgtag_tags[index].ip) &&
	       !pgtag_tag_sum(index).bytes;
}

static void give_spares(const u32 *index, const char * const *name,
			unsigned int nr)
{
	/* Somebody may be printing such a name. */
	synchronize_rcu();
	while (nr--) {
		kfree(name[nr]);
		llist_add(&pgtag_tags[index[nr]].spare, &spares);
	}
}

/**
 * pgtag_tags_reclaim - let the indices of tags be used again that own nothing more
 *
 * Context: process context, may sleep.
 */
void pgtag_tags_reclaim(void)
{
	static const char *name[BATCH];		/* under the reclaimers' lock */
	static u32 index[BATCH];		/* too */
	u32 limit = pgtag_tags_end();
	unsigned int nr = 0;
	u32 i;

	mutex_lock(&pgtag_reclaimers);
	for (i = CODETAG_ID_FIRST; i < limit; i++) {
		cond_resched();
		if (!reclaimable(i))
			continue;
		index[nr] = i;
		name[nr++] = pgtag_tags[i].name;
		pgtag_tags[i].parent = CODETAG_ID_NULL;
		WRITE_ONCE(pgtag_tags[i].name, NULL);
		if (nr == BATCH) {
			give_spares(index, name, nr);
			nr = 0;
		}
	}
	if (nr)
		give_spares(index, name, nr);
	mutex_unlock(&pgtag_reclaimers);
}

static bool any_spare(void)
{
	return !llist_empty(&spares);
}

/* Is there no index to be had, but may be when there is memory? */
static bool is_short(void)
{
	return !stock() && !any_spare() &&
	       READ_ONCE(pgtag_counters_ready) < capacity;
}

static void stock_up(struct work_struct *work);
static PGTAG_ERRAND(stocking, stock_up);

static void stock_up(struct work_struct *work)
{
	pgtag_tags_reclaim();
	while (stock() < STOCK && pgtag_counters_ready < capacity) {
		if (add_block())
			break;
	}
	/* Nobody else sends for more: see pgtag_tags_short(). */
	if (stock() < STOCK && pgtag_counters_ready < capacity)
		pgtag_errand_later(&stocking, RETRY);
}

/**
 * pgtag_tags_init - make room for tags
 * @most: how many there may be
 * @overflow: what to do when there are more
 * @full: called when there are more and @overflow does not say to share; may
 *	be called in any context, and more than once
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int pgtag_tags_init(u32 most, enum pgtag_overflow overflow, void (*full)(void))
{
	unsigned int order;

	for (order = 0; order < BITS_PER_LONG; order++) {
		pgtag_order_pages[order] = 1UL << order;
		pgtag_order_minus[order] = -(1UL << order);
	}
	capacity = most;
	end = CODETAG_ID_FIRST;
	on_full = full;
	pgtag_counters_ready = 0;
	pgtag_tags = vcalloc(CODETAG_ID_FIRST + capacity, sizeof(*pgtag_tags));
	pgtag_counters = vcalloc(CODETAG_ID_FIRST + capacity,
				 sizeof(*pgtag_counters));
	if (!pgtag_tags || !pgtag_counters || add_block()) {
		pgtag_tags_exit();
		return -ENOMEM;
	}
	shared = overflow == PGTAG_SHARE ? end++ : CODETAG_ID_NULL;
	return 0;
}

/**
 * pgtag_tags_exit - give the tags' memory back
 *
 * Context: process context, may sleep. No hook may run any more, and nobody
 * read tags.
 */
void pgtag_tags_exit(void)
{
	u32 i;

	pgtag_errand_cancel(&stocking);
	pgtag_counters_ready = 0;
	for (i = 0; i < MAX_BLOCKS; i++) {
		free_percpu(blocks[i]);
		blocks[i] = NULL;
	}
	for (i = 0; pgtag_tags && i < end; i++)
		kfree(pgtag_tags[i].name);
	end = CODETAG_ID_FIRST;
	capacity = 0;
	init_llist_head(&spares);
	vfree(pgtag_counters);
	pgtag_counters = NULL;
	vfree(pgtag_tags);
	pgtag_tags = NULL;
}

static u32 new_index(void)
{
	struct llist_node *spare = llist_del_first(&spares);

	if (spare)
		return container_of(spare, struct pgtag, spare) -
		       pgtag_tags;
	if (stock() < STOCK)
		pgtag_errand_send(&stocking);
	if (stock())
		return end;
	if (pgtag_counters_ready < capacity)
		return CODETAG_ID_NULL;
	if (!shared)
		on_full();
	return shared;
}

/**
 * pgtag_tags_short - is there no index to be had at the moment?
 *
 * A worker is on its way to make some. Not asked where there never will be: who
 * asks for one then learns what is to be done about that.
 *
 * Context: any.
 */
bool pgtag_tags_short(void)
{
	return unlikely(is_short());
}

/**
 * pgtag_tags_shared - the tag for all that find none
 *
 * Context: any.
 * Return: its index, 0 if late sites do not share one.
 */
u32 pgtag_tags_shared(void)
{
	return shared;
}

/**
 * pgtag_tag_new - a tag for a site or path seen for the first time
 * @ip: the return address
 * @parent: the path so far, 0 for a site
 *
 * Context: any; the caller holds the lock of the learners (caller.c).
 * Return: the tag's index, or 0 if there is none to be had.
 */
u32 pgtag_tag_new(unsigned long ip, u32 parent)
{
	u32 index = new_index();

	if (!index || index == shared)
		return index;
	pgtag_tags[index].parent = parent;
	WRITE_ONCE(pgtag_tags[index].ip, ip);
	if (index == end)
		/* Readers that see the new end see the tag below it. */
		smp_store_release(&end, index + 1);
	return index;
}

/**
 * pgtag_tag_depth - how many frames a path has
 * @index: its tag, 0 for none
 *
 * Context: any; the tag is in use.
 */
unsigned int pgtag_tag_depth(u32 index)
{
	unsigned int depth = 0;

	for (; index && depth < PGTAG_MAX_DEPTH; depth++)
		index = pgtag_tags[index].parent;
	return depth;
}

/**
 * pgtag_tags_end - one past the last tag
 *
 * Context: any.
 */
u32 pgtag_tags_end(void)
{
	/* Pairs with the release of a new end: the tags below it are there. */
	return smp_load_acquire(&end);
}

/**
 * pgtag_tags_capacity - how many tags there may be
 *
 * Context: any.
 */
u32 pgtag_tags_capacity(void)
{
	return capacity;
}

/**
 * pgtag_tag_listed - is this index in use?
 * @index: below pgtag_tags_end()
 *
 * Context: any.
 */
bool pgtag_tag_listed(u32 index)
{
	return READ_ONCE(pgtag_tags[index].ip) || READ_ONCE(pgtag_tags[index].name) ||
	       (index && index == shared);
}

/**
 * pgtag_tag_accurate - does this tag stand for one site?
 * @index: below pgtag_tags_end()
 *
 * Context: any.
 */
bool pgtag_tag_accurate(u32 index)
{
	return index != shared;
}

/**
 * pgtag_tags_share - do sites that find no index share one?
 *
 * Context: any.
 */
bool pgtag_tags_share(void)
{
	return shared;
}

/**
 * pgtag_tags_used - how many indices are in use
 *
 * Context: process context, may sleep.
 */
u32 pgtag_tags_used(void)
{
	u32 limit = pgtag_tags_end();
	u32 used = 0;
	u32 i;

	for (i = CODETAG_ID_FIRST; i < limit; i++) {
		cond_resched();
		used += pgtag_tag_listed(i);
	}
	return used;
}

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

/**
 * pgtag_tag_sum - what a tag owns
 * @index: below pgtag_tags_end()
 *
 * Context: any. Not a snapshot: pages may come and go while CPUs are added.
 */
struct pgtag_sum pgtag_tag_sum(u32 index)
{
	struct pgtag_counter sum = { };
	int cpu;

	for_each_possible_cpu(cpu)
		add_part(&sum, per_cpu_ptr(pgtag_counters[index], cpu));
	return (struct pgtag_sum) {
		.bytes = sum.pages * (s64)PAGE_SIZE,
		.calls = sum.pages - sum.tails,
	};
}

/**
 * pgtag_tags_total - what all tags own
 *
 * Context: process context, may sleep. As pgtag_tag_sum().
 */
struct pgtag_sum pgtag_tags_total(void)
{
	struct pgtag_sum total = { };
	u32 limit = pgtag_tags_end();
	u32 i;

	for (i = CODETAG_ID_FIRST; i < limit; i++) {
		struct pgtag_sum sum = pgtag_tag_sum(i);

		cond_resched();
		total.bytes += sum.bytes;
		total.calls += sum.calls;
	}
	return total;
}

/* What this module has for itself is freed when all else is. */
static bool is_own(u32 index)
{
	unsigned int depth = pgtag_tag_depth(index);

	while (depth-- > 1)
		index = pgtag_tags[index].parent;
	return within_module(READ_ONCE(pgtag_tags[index].ip), THIS_MODULE);
}

/**
 * pgtag_tags_any - does any tag own an allocation that somebody will free?
 *
 * Begins with the tag that did when this was last asked, so that to ask again
 * and again looks at all of them only once.
 *
 * Context: process context, may sleep; callers are serialized.
 */
bool pgtag_tags_any(void)
{
	static u32 last;
	u32 nr = pgtag_tags_end() - CODETAG_ID_FIRST;
	u32 i;

	for (i = 0; i < nr; i++, last++) {
		if (last >= nr)
			last = 0;
		if (pgtag_tag_sum(CODETAG_ID_FIRST + last).calls &&
		    !is_own(CODETAG_ID_FIRST + last))
			return true;
		cond_resched();
	}
	return false;
}

/**
 * pgtag_tag_gone - has some code of this path gone?
 * @index: an index in use, or 0
 *
 * Context: any.
 */
bool pgtag_tag_gone(u32 index)
{
	return index && READ_ONCE(pgtag_tags[index].name);
}

/**
 * pgtag_tag_unreachable - a node that led here is no more
 * @index: its tag, or 0
 *
 * If some of the path's code has gone no other node will, so the index can be used
 * again once nothing is owned.
 *
 * Context: process context.
 */
void pgtag_tag_unreachable(u32 index)
{
	if (pgtag_tag_gone(index))
		WRITE_ONCE(pgtag_tags[index].ip, 0);
}

/**
 * pgtag_tags_memory - what the tags take, in bytes
 *
 * Context: any.
 */
size_t pgtag_tags_memory(void)
{
	return (CODETAG_ID_FIRST + capacity) *
	       (sizeof(*pgtag_tags) + sizeof(*pgtag_counters)) +
	       pgtag_counters_ready * sizeof(struct pgtag_counter) *
	       num_possible_cpus();
}
