// SPDX-License-Identifier: GPL-2.0
/*
 * Which per-CPU allocation has which tag. They are few beside slab objects, and slow to
 * make and to free, under locks of the kernel's own: a hash table under a lock will do.
 */
#include <linux/hash.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>

#include <pgtag/percpu_map.h>
#include <pgtag/stock.h>

/* A list for so many pages of memory: where there is more of it, there are more. */
#define PAGES_PER_LIST	256
#define LISTS_LEAST	1024UL
#define LISTS_MOST	65536UL

/* At least so many are in stock. */
#define ENTRIES_LEAST	512

/**
 * struct entry - a per-CPU allocation that has a tag
 * @node: in its list
 * @where: its address, as the allocator gives it out
 * @area: the rest
 */
struct entry {
	struct hlist_node node;
	const void __percpu *where;
	struct pgtag_area area;
};

static struct pgtag_stock stock;
static struct hlist_head *lists;
static unsigned int bits;		/* log2 of how many */
static DEFINE_RAW_SPINLOCK(lock);	/* the lists; any context but NMI */

static struct hlist_head *list_of(const void __percpu *where)
{
	return &lists[hash_long((unsigned long)where, bits)];
}

/* The lock is held. Areas do not overlap, so a list is as long as memory allows. */
static struct entry *find(const void __percpu *where)
{
	struct entry *entry;

	hlist_for_each_entry(entry, list_of(where), node) {
		if (entry->where == where)
			return entry;
	}
	return NULL;
}

/* Out of its list, if it is in one. */
static struct entry *find_and_remove(const void __percpu *where)
{
	struct entry *entry;
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	entry = find(where);
	if (entry)
		hlist_del(&entry->node);
	raw_spin_unlock_irqrestore(&lock, flags);
	return entry;
}

static void add(struct entry *entry)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	hlist_add_head(&entry->node, list_of(entry->where));
	raw_spin_unlock_irqrestore(&lock, flags);
}

/**
 * pgtag_percpu_put - remember a per-CPU allocation
 * @where: its address, which was just given out
 * @area: its tag and its size
 * @old: set to what was there before, whose end went unseen; its index is 0 if there
 *	was nothing
 *
 * Context: any but NMI, in which nothing is remembered; in an event handler.
 * Return: false if there is no memory for it to be had.
 */
bool pgtag_percpu_put(const void __percpu *where, const struct pgtag_area *area,
		      struct pgtag_area *old)
{
	struct entry *entry;

	*old = (struct pgtag_area) { };
	if (in_nmi())
		return false;
	entry = find_and_remove(where);
	if (entry)
		*old = entry->area;
	else
		entry = pgtag_stock_take(&stock);
	if (!entry)
		return false;
	entry->where = where;
	entry->area = *area;
	add(entry);
	return true;
}

/**
 * pgtag_percpu_take - forget a per-CPU allocation
 * @where: its address, which is about to be free
 * @area: set to what was remembered
 *
 * Context: any but NMI; in an event handler.
 * Return: whether anything was.
 */
bool pgtag_percpu_take(const void __percpu *where, struct pgtag_area *area)
{
	struct entry *entry = find_and_remove(where);

	if (!entry)
		return false;
	*area = entry->area;
	pgtag_stock_give(&stock, entry);
	return true;
}

static int visit_list(const struct hlist_head *list, pgtag_area_visit_t visit, void *arg)
{
	const struct entry *entry;
	int ret = 0;

	raw_spin_lock_irq(&lock);
	hlist_for_each_entry(entry, list, node) {
		ret = visit(&entry->area, arg);
		if (ret)
			break;
	}
	raw_spin_unlock_irq(&lock);
	return ret;
}

/**
 * pgtag_percpu_walk - visit every per-CPU allocation that has a tag
 * @visit: called for one after the other, under a lock; may not sleep; anything but 0
 *	ends the walk
 * @arg: passed on
 *
 * Context: process context, may sleep; they do not go meanwhile.
 * Return: what the last @visit returned, 0 after a whole walk, or -EINTR if a fatal
 * signal came.
 */
int pgtag_percpu_walk(pgtag_area_visit_t visit, void *arg)
{
	unsigned long i;
	int ret = 0;

	for (i = 0; i < 1UL << bits && !ret; i++) {
		if (fatal_signal_pending(current))
			return -EINTR;
		ret = visit_list(&lists[i], visit, arg);
		cond_resched();
	}
	return ret;
}

/**
 * pgtag_percpu_map_init - make room to remember per-CPU allocations
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM; then pgtag_percpu_map_exit() must follow as well.
 */
int pgtag_percpu_map_init(void)
{
	unsigned long nr = clamp(totalram_pages() / PAGES_PER_LIST, LISTS_LEAST,
				 LISTS_MOST);

	bits = ilog2(nr);
	lists = kvcalloc(1UL << bits, sizeof(*lists), GFP_KERNEL);
	if (!lists)
		return -ENOMEM;
	return pgtag_stock_add(&stock, "pgtag_percpu", sizeof(struct entry),
			       ENTRIES_LEAST);
}

/**
 * pgtag_percpu_map_exit - forget them all
 *
 * Context: process context, may sleep. No event handler runs any more, and nobody
 * walks. Their memory is in stock then.
 */
void pgtag_percpu_map_exit(void)
{
	struct hlist_node *next;
	struct entry *entry;
	unsigned long i;

	for (i = 0; lists && i < 1UL << bits; i++) {
		hlist_for_each_entry_safe(entry, next, &lists[i], node)
			pgtag_stock_give(&stock, entry);
		cond_resched();
	}
	kvfree(lists);
	lists = NULL;
}

/**
 * pgtag_percpu_map_memory - what the lists take, in bytes, without what is in stock
 *
 * Context: process context.
 */
size_t pgtag_percpu_map_memory(void)
{
	return sizeof(*lists) << bits;
}
