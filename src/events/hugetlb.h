/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pages of hugetlb: what becomes of them other than to be allocated and freed.
 * Part of rules.h.
 */
#include <linux/list.h>

#include <shim/hugetlb.h>

/* What is kept while the kernel restores pages' part of the memory map. */
struct restore {
	struct pgtag_restore request;
	bool demotes;	/* they then fall into smaller ones */
};

/**
 * on_restore_entry - pages of hugetlb are to have their whole memory map
 * @data: kept for on_restore_exit()
 * @args: see shim/hugetlb.h
 * @slot: unused
 *
 * A list is worth it only for a demotion: what is freed is seen when it is. A page
 * by itself has a reference if it is to be freed, and none if it is demoted.
 *
 * Return: whether its exit is worth seeing.
 */
static bool on_restore_entry(struct pgtag_exit_data *data,
			     const unsigned long *args,
			     const unsigned long *slot)
{
	struct restore *restore = (struct restore *)data;

	BUILD_BUG_ON(sizeof(*restore) > sizeof(*data));
	pgtag_count(PGTAG_HIT_RESTORE);
	restore->request = pgtag_restore_arguments(args);
	if (restore->request.page) {
		restore->demotes = !page_count(restore->request.page);
		return true;
	}
	restore->demotes = pgtag_is_demoting();
	return restore->demotes;
}

static void demote(struct page *page, struct hstate *pool)
{
	split(page, huge_page_order(pool), pgtag_demote_order(pool));
}

static void demote_list(struct list_head *list, struct hstate *pool)
{
	struct page *page;

	list_for_each_entry(page, list, lru)
		if (pgtag_map_is_whole(page))
			demote(page, pool);
}

/*
 * A page goes back to where it came from. Gigantic ones do so page by page, so
 * its site is done with it here.
 */
static void give_back(struct page *page, unsigned int order)
{
	u32 index = index_get(page);

	if (!pgtag_index_valid(index))
		return;
	pgtag_charge(index, -(1L << order), -1);
	index_put(page, CODETAG_ID_NULL);
}

/**
 * on_restore_exit - pages of hugetlb have their whole memory map, or cannot
 * @data: from on_restore_entry()
 * @result: where it was one page, 0 or a negative error
 *
 * With preemption off, some hundred writes for each gigantic page that is demoted.
 * They are in no list that others look at. Those that have it all will fall
 * apart, or be freed; nothing can fail any more, and what the kernel then does
 * to their pages leaves the field alone. Others go back to the pool.
 */
static void on_restore_exit(struct pgtag_exit_data *data, unsigned long result)
{
	const struct restore *restore = (struct restore *)data;
	const struct pgtag_restore *request = &restore->request;

	if (!request->page) {
		demote_list(request->lists[0], request->pool);
		demote_list(request->lists[1], request->pool);
	} else if ((int)result) {
		return;
	} else if (restore->demotes) {
		demote(request->page, request->pool);
	} else {
		give_back(request->page, huge_page_order(request->pool));
	}
}

/* Pages that were each allocated by themselves are one allocation now. */
static void unite(struct page *head, unsigned int order)
{
	u32 index = index_get(head);
	unsigned long i;

	for (i = 1; i < 1UL << order; i++) {
		struct page *page = page_after(head, i);
		u32 from = index_get(page);

		if (!pgtag_index_valid(from))
			continue;
		index_put(page, CODETAG_ID_NULL);
		pgtag_charge(from, -1, -1);
		if (pgtag_index_valid(index))
			pgtag_charge(index, 1, 0);
	}
}

/**
 * on_hugetlb_remove - a page of hugetlb leaves its pool
 * @args: the pool and the page
 *
 * Seen where the kernel gives no part of the memory map back. What is demoted will fall
 * into smaller pages, for nothing can fail any more, and its tail pages are in nobody's
 * hands. With the pool's lock and interrupts off, as the kernel does this.
 */
static void on_hugetlb_remove(const unsigned long *args)
{
	if (pgtag_is_demoting())
		demote((struct page *)args[1], (struct hstate *)args[0]);
}

/**
 * on_gigantic_free - free_gigantic_page(page, order) is called
 * @args: its arguments
 *
 * Seen where on_hugetlb_remove() is, on kernels that free such page by page.
 */
static void on_gigantic_free(const unsigned long *args)
{
	give_back((struct page *)args[0], args[1]);
}

/**
 * on_hugetlb_new - hugetlb takes a page
 * @args: see shim/hugetlb.h
 *
 * The kernels where this is seen allocate a gigantic page as a range, page by page. It
 * is compound now, or next, and then its tail pages may become read-only. Other pages
 * have been one allocation from the start.
 */
static void on_hugetlb_new(const unsigned long *args)
{
	unsigned int order;
	struct page *page = pgtag_gigantic_new(args, &order);

	if (page)
		unite(page, order);
}
