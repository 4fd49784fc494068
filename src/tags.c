// SPDX-License-Identifier: GPL-2.0
/*
 * Tags are numbered in the order their sites are first seen. A site may be
 * seen first in any context, so tags and counters are there before they are
 * asked for: a worker keeps a stock of them.
 *
 * The name of a site is looked up when somebody wants to read it. When its
 * code goes, the name is kept; when its last page has gone too, the index is
 * used again: another looks for such whenever the stock is low. Readers of
 * a name and of what it owns stand in one RCU section, and the kernel lets one
 * pass between the time that code has no names any more and that there is other
 * code: an address that is read there is not taken for another's.
 */
#include <linux/atomic.h>
#include <linux/ktime.h>
#include <linux/llist.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include <pgtag/tags.h>
#include <pgtag/totals.h>
#include <pgtag/work.h>

#define MAX_BLOCKS	DIV_ROUND_UP(CODETAG_ID_FIRST + PGTAG_MAX_PATHS, PGTAG_BLOCK)

/* Indices that wait together for readers to leave. */
#define BATCH		512

/* How long to wait where there is no memory for more. */
#define RETRY		HZ

struct pgtag *pgtag_tag_blocks[MAX_BLOCKS];
static u32 nr_blocks;
static u32 capacity;
static u32 enough;		/* in stock */
static u32 end;			/* one past the last tag; written by learners */
static u32 shared[PGTAG_STATES];	/* tags for all that find none, or 0 */
static void (*on_full)(void);	/* what to call when there is none */
static LLIST_HEAD(spares);	/* learners take, the reclaimer gives */
DEFINE_MUTEX(pgtag_reclaimers);	/* indices that are to be used again */
static atomic64_t content;	/* see pgtag_tags_content() */

static int add_tags(void)
{
	struct pgtag *block = kvcalloc(PGTAG_BLOCK, sizeof(*block), GFP_KERNEL);
	u32 i;

	if (!block || pgtag_totals_add()) {
		kvfree(block);
		return -ENOMEM;
	}
	for (i = 0; i < PGTAG_BLOCK; i++)
		block[i].index = nr_blocks * PGTAG_BLOCK + i;
	pgtag_tag_blocks[nr_blocks++] = block;
	return 0;
}

/* Tags first: an index that has counters may be given out. */
static int add_block(void)
{
	u32 with_counters = CODETAG_ID_FIRST + pgtag_counters_ready;

	if (nr_blocks * PGTAG_BLOCK <= with_counters && add_tags())
		return -ENOMEM;
	return pgtag_counters_add(CODETAG_ID_FIRST + capacity);
}

/* How many new tags can be given out before more are needed? */
static u32 stock(void)
{
	/* Pairs with the release of a new limit: the tags below it are there, too. */
	return CODETAG_ID_FIRST + smp_load_acquire(&pgtag_counters_ready) -
	       READ_ONCE(end);
}

/*
 * Has its code gone, its nodes, and its pages? Of a tag without nodes nothing
 * but pages is ever taken away, so bytes that add up to none are none, though
 * CPUs are read one by one.
 */
static bool reclaimable(u32 index)
{
	return pgtag_tag_gone(index) && !READ_ONCE(pgtag_tag_at(index)->ip) &&
	       !pgtag_tag_sum(index).bytes;
}

static void give_spares(const u32 *index, const char * const *name,
			unsigned int nr)
{
	/* Somebody may be printing such a name. */
	synchronize_rcu();
	while (nr--) {
		kfree(name[nr]);
		/* What is counted in it from now on is another tag's. */
		pgtag_totals_reset(index[nr]);
		llist_add(&pgtag_tag_at(index[nr])->spare, &spares);
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
		name[nr++] = pgtag_tag_at(i)->name;
		pgtag_tags_changed();
		WRITE_ONCE(pgtag_tag_at(i)->parent, PGTAG_STATE_PAGES);
		WRITE_ONCE(pgtag_tag_at(i)->name, NULL);
		pgtag_tags_changed();
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

/* Two, for one of them waits for readers, and what learners want is wanted meanwhile. */
static void stock_up(struct work_struct *work);
static PGTAG_ERRAND(stocking, stock_up);
static void reclaim(struct work_struct *work);
static PGTAG_ERRAND(reclaiming, reclaim);

static int fill_stock(void)
{
	int err = 0;

	while (!err && stock() < enough && pgtag_counters_ready < capacity)
		err = add_block();
	return err;
}

static void stock_up(struct work_struct *work)
{
	/* Nobody else sends for more: see pgtag_tags_short(). */
	if (fill_stock())
		pgtag_errand_later(&stocking, RETRY);
	pgtag_errand_later(&reclaiming, 0);
}

static void reclaim(struct work_struct *work)
{
	pgtag_tags_reclaim();
}

/**
 * pgtag_tags_init - make room for tags
 * @most: how many there may be
 * @states: of how many kinds: 1 for pages, PGTAG_STATES for slab objects as well
 * @mode: what to do when there are more, and whether there are totals
 * @full: called when there are more and @mode does not say to share; may
 *	be called in any context, and more than once
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int pgtag_tags_init(u32 most, u32 states, const struct pgtag_mode *mode,
		    void (*full)(void))
{
	u32 state;

	capacity = most;
	enough = most > PGTAG_MAX_TAGS ? PGTAG_PATHS_STOCK :
					 PGTAG_SITES_STOCK;
	end = CODETAG_ID_FIRST;
	/* Not what it was before, nor when the module was here before. */
	atomic64_set(&content, ktime_get_ns());
	on_full = full;
	if (pgtag_counters_init(CODETAG_ID_FIRST + capacity, mode->totals) ||
	    (mode->totals && pgtag_totals_init(CODETAG_ID_FIRST + capacity)) ||
	    fill_stock()) {
		pgtag_tags_exit();
		return -ENOMEM;
	}
	for (state = 0; state < PGTAG_STATES; state++) {
		shared[state] = CODETAG_ID_NULL;
		if (mode->overflow != PGTAG_SHARE || state >= states)
			continue;
		pgtag_tag_at(end)->parent = state;
		shared[state] = end++;
	}
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
	pgtag_errand_cancel(&reclaiming);
	pgtag_totals_exit();
	pgtag_counters_exit();
	for (i = 0; i < end && nr_blocks; i++)
		kfree(pgtag_tag_at(i)->name);
	for (i = 0; i < nr_blocks; i++) {
		kvfree(pgtag_tag_blocks[i]);
		pgtag_tag_blocks[i] = NULL;
	}
	nr_blocks = 0;
	end = CODETAG_ID_FIRST;
	capacity = 0;
	init_llist_head(&spares);
	pgtag_tags_changed();
}

static bool is_shared(u32 index)
{
	u32 state;

	for (state = 0; state < PGTAG_STATES; state++) {
		if (index && index == shared[state])
			return true;
	}
	return false;
}

/* Where the walk to this tag began. */
static u32 state_of(u32 index)
{
	unsigned int depth;

	for (depth = 0; index >= CODETAG_ID_FIRST && depth < PGTAG_MAX_DEPTH; depth++)
		index = READ_ONCE(pgtag_tag_at(index)->parent);
	return index;
}

static u32 new_index(u32 parent)
{
	struct llist_node *spare = llist_del_first(&spares);

	if (spare)
		return container_of(spare, struct pgtag, spare)->index;
	if (stock() < enough)
		pgtag_errand_send(&stocking);
	if (stock())
		return end;
	if (pgtag_counters_ready < capacity)
		return CODETAG_ID_NULL;
	if (!shared[PGTAG_STATE_PAGES])
		on_full();
	return shared[state_of(parent)];
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
 * @state: of what, PGTAG_STATE_PAGES or PGTAG_STATE_OBJECTS
 *
 * Context: any.
 * Return: its index, 0 if late sites do not share one.
 */
u32 pgtag_tags_shared(u32 state)
{
	return shared[state];
}

/**
 * pgtag_tag_new - a tag for a site or path seen for the first time
 * @ip: the return address
 * @parent: the path so far; for a site where the walk began
 *
 * Context: any; the caller holds the lock of the learners (caller.c).
 * Return: the tag's index, or 0 if there is none to be had.
 */
u32 pgtag_tag_new(unsigned long ip, u32 parent)
{
	u32 index = new_index(parent);

	if (!index || is_shared(index))
		return index;
	if (index != end)
		pgtag_tags_changed();
	WRITE_ONCE(pgtag_tag_at(index)->parent, parent);
	WRITE_ONCE(pgtag_tag_at(index)->ip, ip);
	if (index == end)
		/* Readers that see the new end see the tag below it. */
		smp_store_release(&end, index + 1);
	else
		pgtag_tags_changed();
	return index;
}

/**
 * pgtag_tags_changed - some tag does not mean any more what it did
 *
 * Called before and after a tag changes, so who asks for the content, for tags, and for
 * the content again knows if what it saw may be of two lists; and after what changes
 * none by itself, but what is to come.
 *
 * Context: any.
 */
void pgtag_tags_changed(void)
{
	/* Whoever sees the number sees what has changed before... */
	smp_mb__before_atomic();
	atomic64_inc(&content);
	/* ...and whoever sees what changes afterwards sees the number. */
	smp_mb__after_atomic();
}

/**
 * pgtag_tags_content - which list of tags is it?
 *
 * As long as the answer is the same every tag stands for what it did, none that was
 * there has gone, and new ones have come at the end only. But with paths the beginning
 * of a longer one is listed only while it owns something: places in the list may shift,
 * and who asks for what follows the last one misses nothing.
 *
 * Context: any.
 */
u64 pgtag_tags_content(void)
{
	return atomic64_read(&content);
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

	for (; index >= CODETAG_ID_FIRST && depth < PGTAG_MAX_DEPTH; depth++)
		index = pgtag_tag_at(index)->parent;
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
	return READ_ONCE(pgtag_tag_at(index)->ip) || READ_ONCE(pgtag_tag_at(index)->name) ||
	       is_shared(index);
}

/**
 * pgtag_tag_accurate - does this tag stand for one site?
 * @index: below pgtag_tags_end()
 *
 * Context: any.
 */
bool pgtag_tag_accurate(u32 index)
{
	return !is_shared(index);
}

/**
 * pgtag_tags_share - do sites that find no index share one?
 *
 * Context: any.
 */
bool pgtag_tags_share(void)
{
	return shared[PGTAG_STATE_PAGES];
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

/**
 * pgtag_tag_of_objects - does a tag own slab objects, and not pages?
 * @index: below pgtag_tags_end()
 *
 * Context: any.
 */
bool pgtag_tag_of_objects(u32 index)
{
	return state_of(index) == PGTAG_STATE_OBJECTS;
}

static struct pgtag_sum sum_of(bool objects, struct pgtag_counter sum)
{
	if (objects)
		return (struct pgtag_sum) {
			.bytes = sum.bytes,
			.calls = sum.objects,
		};
	return (struct pgtag_sum) {
		.bytes = sum.pages * (s64)PAGE_SIZE,
		.calls = sum.pages - sum.tails,
	};
}

/**
 * pgtag_tag_sum - what a tag owns
 * @index: a valid index
 *
 * Context: any. As pgtag_counters_sum().
 */
struct pgtag_sum pgtag_tag_sum(u32 index)
{
	return sum_of(pgtag_tag_of_objects(index), pgtag_counters_sum(index));
}

/**
 * pgtag_tag_total - what became of a tag since it came, or since the last reset
 * @index: a valid index; there are totals
 *
 * Context: process context.
 */
struct pgtag_total pgtag_tag_total(u32 index)
{
	bool objects = pgtag_tag_of_objects(index);
	struct pgtag_past past = pgtag_totals_read(index);

	return (struct pgtag_total) {
		.in_use = sum_of(objects, past.in_use),
		.made = sum_of(objects, past.made),
		.peak = objects ? past.peak : past.peak * (s64)PAGE_SIZE,
	};
}

/**
 * pgtag_tags_total - what all tags of a kind own
 * @objects: those that own slab objects, or those that own pages
 *
 * Context: process context, may sleep. As pgtag_counters_sum().
 */
struct pgtag_sum pgtag_tags_total(bool objects)
{
	struct pgtag_sum total = { };
	u32 limit = pgtag_tags_end();
	u32 i;

	for (i = CODETAG_ID_FIRST; i < limit; i++) {
		struct pgtag_sum sum = pgtag_tag_sum(i);

		cond_resched();
		if (pgtag_tag_of_objects(i) != objects)
			continue;
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
		index = pgtag_tag_at(index)->parent;
	return within_module(READ_ONCE(pgtag_tag_at(index)->ip), THIS_MODULE);
}

/**
 * pgtag_tags_any - does any tag own pages that somebody will free?
 *
 * What they carry is in the kernel's own memory. Objects' tags are in this module's.
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
		if (!pgtag_tag_of_objects(CODETAG_ID_FIRST + last) &&
		    pgtag_tag_sum(CODETAG_ID_FIRST + last).calls &&
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
	return index && READ_ONCE(pgtag_tag_at(index)->name);
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
		WRITE_ONCE(pgtag_tag_at(index)->ip, 0);
}

/**
 * pgtag_tags_memory - what the tags and their counters take, in bytes
 *
 * Context: any.
 */
size_t pgtag_tags_memory(void)
{
	return READ_ONCE(nr_blocks) * PGTAG_BLOCK * sizeof(struct pgtag) +
	       pgtag_counters_memory(CODETAG_ID_FIRST + capacity) +
	       pgtag_totals_memory();
}
