/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory for hooks, which may not allocate: it is there before it is asked for.
 */
#ifndef PGTAG_STOCK_H
#define PGTAG_STOCK_H

#include <linux/list.h>
#include <linux/llist.h>
#include <linux/types.h>

struct kmem_cache;

/**
 * struct pgtag_stock_item - what an item is while it is in stock
 * @kept: as it was: whoever found the item before it was given back may still read it
 * @node: in its stock
 */
struct pgtag_stock_item {
	u64 kept;
	struct llist_node node;
};

/**
 * struct pgtag_stock - items of one size
 * @list: all stocks
 * @cache: where items come from
 * @size: of each, in bytes
 * @spares: those that are to spare
 * @nr_spares: how many these are
 * @enough: how many there should be
 * @low: one was taken, or wanted, where less than a quarter was left
 * @aside: what is to be given back once nobody looks at it
 * @total: how many there are, in use or not
 */
struct pgtag_stock {
	struct list_head list;
	struct kmem_cache *cache;
	size_t size;
	struct llist_head spares;
	atomic_long_t nr_spares;
	long enough;
	bool low;
	struct llist_node *aside;
	atomic_long_t total;
};

void pgtag_stocks_init(void);
int pgtag_stock_add(struct pgtag_stock *stock, const char *name, size_t size,
		    size_t least);
void *pgtag_stock_take(struct pgtag_stock *stock);
void pgtag_stock_give(struct pgtag_stock *stock, void *item);
void pgtag_stocks_remove(void);
size_t pgtag_stocks_memory(void);
size_t pgtag_stocks_spare(void);

#endif
