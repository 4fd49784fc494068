// SPDX-License-Identifier: GPL-2.0
/*
 * Memory for hooks, which may not allocate. A worker keeps a stock of each size they
 * ask for, larger where little was left once; another gives back what has become too
 * many. A worker may wait long for a CPU, so an interrupt sees to it that there is some.
 */
#include <linux/cpumask.h>
#include <linux/irq_work.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <pgtag/nodes.h>
#include <pgtag/stock.h>
#include <pgtag/work.h>

/* So many bytes of each are kept to begin with, more of them where there is more memory. */
#define STOCK_LEAST	SZ_4K
#define STOCK_MOST	SZ_128K
#define STOCK_PART	262144		/* of all memory */
/* Where less than a quarter was left, twice as many from then on, up to so many bytes. */
#define STOCK_LIMIT	SZ_1M

/* So many items of each before there are more of any. */
#define FIRST_FILLED	4

/* So many of each are for the interrupt to have there, if it can. */
#define AT_ONCE		16

/* How long to wait where there is no memory for them, if nobody asks sooner. */
#define RETRY		HZ

/* Changes only while nobody takes or gives anything. */
static LIST_HEAD(stocks);

static DEFINE_RAW_SPINLOCK(takers);	/* in any context */
static DEFINE_PER_CPU(bool, taking);	/* has that lock, or waits for it */

static unsigned long nothing_at;	/* the interrupt found no memory, in jiffies */

static DEFINE_PER_CPU(struct irq_work, ordering);
/* Two, for one of them waits for readers, and what hooks want is wanted meanwhile. */
static void stock_up(struct work_struct *work);
static DECLARE_DELAYED_WORK(stocking, stock_up);
static void give_back(struct work_struct *work);
static PGTAG_ERRAND(giving_back, give_back);

/*
 * One at a time, for two could take the same item. What interrupts a taker on its own
 * CPU, an NMI or a BPF program on the lock's own trace events, goes without.
 */
static struct llist_node *take_first(struct pgtag_stock *stock)
{
	struct llist_node *first = NULL;
	unsigned long flags;

	local_irq_save(flags);
	if (!this_cpu_read(taking)) {
		this_cpu_write(taking, true);
		raw_spin_lock(&takers);
		first = llist_del_first(&stock->spares);
		raw_spin_unlock(&takers);
		this_cpu_write(taking, false);
	}
	local_irq_restore(flags);
	return first;
}

/**
 * pgtag_stock_take - take an item out of stock
 * @stock: of which size
 *
 * Context: any.
 * Return: the item, with anything in it, or NULL.
 */
void *pgtag_stock_take(struct pgtag_stock *stock)
{
	struct llist_node *first = take_first(stock);
	long enough = READ_ONCE(stock->enough);
	long left = first ? atomic_long_dec_return(&stock->nr_spares) : 0;

	if (left < enough / 4)
		WRITE_ONCE(stock->low, true);
	/* Of one CPU is as good as of another. */
	if (left < enough / 4 * 3)
		irq_work_queue(raw_cpu_ptr(&ordering));
	return first ? llist_entry(first, struct pgtag_stock_item, node) : NULL;
}

/**
 * pgtag_stock_give - give an item back
 * @stock: where it was taken from
 * @given: the item. Readers that have found it before may look at it still, until it is
 *	another one: its first 8 bytes stay what they are, and the next 8 do not.
 *
 * Context: any.
 */
void pgtag_stock_give(struct pgtag_stock *stock, void *given)
{
	struct pgtag_stock_item *item = given;

	llist_add(&item->node, &stock->spares);
	if (atomic_long_inc_return(&stock->nr_spares) > READ_ONCE(stock->enough) * 2)
		pgtag_errand_send(&giving_back);
}

static void free_all(struct pgtag_stock *stock, struct llist_node *items)
{
	struct pgtag_stock_item *item, *next;

	llist_for_each_entry_safe(item, next, items, node) {
		kmem_cache_free(stock->cache, item);
		atomic_long_dec(&stock->total);
		cond_resched();
	}
}

/* Take what is too many out of stock. */
static void set_aside(struct pgtag_stock *stock)
{
	struct llist_node *first;

	while (atomic_long_read(&stock->nr_spares) > READ_ONCE(stock->enough)) {
		first = take_first(stock);
		if (!first)
			break;
		atomic_long_dec(&stock->nr_spares);
		first->next = stock->aside;
		stock->aside = first;
		cond_resched();
	}
}

/* Of all stocks at once, for there is one wait for all of them. */
static void give_back(struct work_struct *work)
{
	struct pgtag_stock *stock;

	list_for_each_entry(stock, &stocks, list) {
		if (atomic_long_read(&stock->nr_spares) > READ_ONCE(stock->enough) * 2)
			set_aside(stock);
	}
	/* Somebody may be looking at it still. */
	pgtag_nodes_wait();
	list_for_each_entry(stock, &stocks, list) {
		free_all(stock, stock->aside);
		stock->aside = NULL;
	}
}

static void grow(struct pgtag_stock *stock)
{
	if (READ_ONCE(stock->low))
		WRITE_ONCE(stock->enough, min_t(size_t, stock->enough * 2,
						STOCK_LIMIT / stock->size));
}

/* Up to so many, or to what is enough, though others may take some meanwhile. */
static int fill(struct pgtag_stock *stock, long most, gfp_t gfp)
{
	long left = min(most, READ_ONCE(stock->enough));
	long wanted = left;

	for (; left && atomic_long_read(&stock->nr_spares) < wanted; left--) {
		/* Nothing that is worth the life of a process. */
		void *item = kmem_cache_alloc(stock->cache,
					      gfp | __GFP_NORETRY | __GFP_NOWARN);

		if (!item)
			return -ENOMEM;
		atomic_long_inc(&stock->total);
		pgtag_stock_give(stock, item);
	}
	return 0;
}

/*
 * All of them little by little, for what fills one takes of the others: the slab of a few
 * items has a piece, and that a leaf. So there are always some, whichever had run out.
 */
static bool fill_all(long most, gfp_t gfp)
{
	struct pgtag_stock *stock;
	bool failed = false;
	long some;

	for (some = FIRST_FILLED; some <= most && !failed; some *= 2)
		list_for_each_entry(stock, &stocks, list)
			if (fill(stock, some, gfp))
				failed = true;
	return !failed;
}

/*
 * In an interrupt, which interrupts no taker: less than 2 * AT_ONCE of each, without
 * reclaim, and not again in the same jiffy where there was no memory. The rest is the
 * worker's. So is all of it with PREEMPT_RT, which lets no interrupt allocate, and on a
 * CPU that goes down: what is asked for while it looks for the last time would never be
 * done.
 */
static void stock_some(struct irq_work *order)
{
	if (!IS_ENABLED(CONFIG_PREEMPT_RT) && cpu_active(smp_processor_id()) &&
	    time_after(jiffies, READ_ONCE(nothing_at)) && !fill_all(AT_ONCE, GFP_NOWAIT))
		WRITE_ONCE(nothing_at, jiffies);
	pgtag_work_later(&stocking, 0);
}

static void stock_up(struct work_struct *work)
{
	struct pgtag_stock *stock;

	list_for_each_entry(stock, &stocks, list)
		grow(stock);
	/* There are fewer items than bytes. */
	if (!fill_all(STOCK_LIMIT, GFP_KERNEL))
		pgtag_work_later(&stocking, RETRY);
	/* Not for what it took itself. */
	list_for_each_entry(stock, &stocks, list)
		WRITE_ONCE(stock->low, false);
}

/**
 * pgtag_stocks_init - make ready to have stocks
 *
 * Context: process context, before any pgtag_stock_add().
 */
void pgtag_stocks_init(void)
{
	int cpu;

	/* At run time: 6.1 and 6.12 relocate nothing in per-CPU data of modules. */
	for_each_possible_cpu(cpu)
		*per_cpu_ptr(&ordering, cpu) = IRQ_WORK_INIT_HARD(stock_some);
}

/**
 * pgtag_stock_add - have another size in stock
 * @stock: the stock; lives until pgtag_stocks_remove()
 * @name: of its slab cache
 * @size: of each item, in bytes
 * @least: how many of them it has at least
 *
 * Context: process context, may sleep. Nobody takes or gives anything yet.
 * Return: 0 or -ENOMEM; then pgtag_stocks_remove() must follow as well.
 */
int pgtag_stock_add(struct pgtag_stock *stock, const char *name, size_t size, size_t least)
{
	size_t bytes = clamp_t(u64, (u64)totalram_pages() * PAGE_SIZE / STOCK_PART,
			       STOCK_LEAST, STOCK_MOST);
	struct kmem_cache *cache;

	size = max(ALIGN(size, sizeof(u64)), sizeof(struct pgtag_stock_item));
	cache = kmem_cache_create(name, size, 0, 0, NULL);
	if (!cache)
		return -ENOMEM;
	*stock = (struct pgtag_stock) {
		.cache = cache,
		.size = size,
		.enough = max(bytes / size, least),
	};
	list_add_tail(&stock->list, &stocks);
	return fill(stock, stock->enough, GFP_KERNEL);
}

static void stop_filling(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		irq_work_sync(per_cpu_ptr(&ordering, cpu));
	/* If it was asked for twice, that waited for one of two interrupts. */
	synchronize_rcu();
	cancel_delayed_work_sync(&stocking);
}

/**
 * pgtag_stocks_remove - give all of it back
 *
 * Context: process context, may sleep. Everything that was taken was given back, and
 * nobody takes anything or looks at it any more.
 */
void pgtag_stocks_remove(void)
{
	struct pgtag_stock *stock;
	struct pgtag_stock *next;

	stop_filling();
	pgtag_errand_cancel(&giving_back);
	list_for_each_entry_safe(stock, next, &stocks, list) {
		free_all(stock, llist_del_all(&stock->spares));
		list_del(&stock->list);
		kmem_cache_destroy(stock->cache);
	}
}

/**
 * pgtag_stocks_memory - what all of it takes, in use or not, in bytes
 *
 * Context: process context; no stock is added or removed meanwhile.
 */
size_t pgtag_stocks_memory(void)
{
	struct pgtag_stock *stock;
	size_t sum = 0;

	list_for_each_entry(stock, &stocks, list)
		sum += atomic_long_read(&stock->total) * stock->size;
	return sum;
}

/**
 * pgtag_stocks_spare - what of that is there for what may come, in bytes
 *
 * Context: process context; no stock is added or removed meanwhile.
 */
size_t pgtag_stocks_spare(void)
{
	struct pgtag_stock *stock;
	size_t sum = 0;

	list_for_each_entry(stock, &stocks, list)
		sum += atomic_long_read(&stock->nr_spares) * stock->size;
	return sum;
}
