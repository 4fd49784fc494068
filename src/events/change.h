/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Allocations that fall apart, move or unite. Part of rules.h.
 */
#include <shim/split.h>

/* An allocation falls into pieces of a lower order. */
static void split(struct page *head, unsigned int order, unsigned int new_order)
{
	u32 index = pgtag_index_get(head);
	unsigned long nr = 1UL << order;
	unsigned long piece = 1UL << new_order;
	unsigned long i;

	if (!pgtag_index_valid(index))
		return;
	for (i = piece; i < nr; i += piece)
		pgtag_index_change(head + i, pgtag_index_get(head + i), index);
	pgtag_charge(index, 0, nr / piece - 1);
}

/**
 * on_split_page - split_page(page, order) is called
 * @args: its arguments
 */
static void on_split_page(const unsigned long *args)
{
	split((struct page *)args[0], args[1], 0);
}

/**
 * on_alloc_exact - make_alloc_exact(addr, order, size) is called
 * @args: its arguments
 *
 * It splits the allocation and frees what is beyond @size, page by page.
 */
static void on_alloc_exact(const unsigned long *args)
{
	if (args[0])
		split(virt_to_page((void *)args[0]), args[1], 0);
}

/**
 * on_migrate - folio_migrate_flags(new, old) is called
 * @args: its arguments
 *
 * The old allocation lives on in the new folio. What the new one was charged
 * for is no longer; the old one is freed without a tag.
 */
static void on_migrate(const unsigned long *args)
{
	struct folio *new = (struct folio *)args[0];
	struct folio *old = (struct folio *)args[1];
	u32 from = pgtag_index_get(&old->page);
	u32 to = pgtag_index_get(&new->page);

	if (pgtag_index_valid(to))
		pgtag_charge(to, -folio_nr_pages(new), -1);
	pgtag_index_change(&new->page, to, from);
	pgtag_index_change(&old->page, from, CODETAG_ID_NULL);
}

/* Pages that were each allocated by themselves are one allocation now. */
static void unite(struct page *head, unsigned int order)
{
	u32 index = pgtag_index_get(head);
	unsigned long i;

	for (i = 1; i < 1UL << order; i++) {
		u32 from = pgtag_index_get(head + i);

		if (!pgtag_index_valid(from))
			continue;
		pgtag_index_change(head + i, from, CODETAG_ID_NULL);
		pgtag_charge(from, -1, -1);
		if (pgtag_index_valid(index))
			pgtag_charge(index, 1, 0);
	}
}

/**
 * on_compound - prep_compound_page(page, order) is called
 * @args: its arguments
 *
 * Not where pages are allocated, there it is inlined: a large hugetlb page is
 * demoted to smaller ones. They were a folio, of which this one comes off if
 * its second page still belongs to another head; or, on kernels that allocate
 * gigantic pages page by page, they were not. Some kernels come here too when
 * they split a folio; the page has its index by then.
 */
static void on_compound(const unsigned long *args)
{
	struct page *page = (struct page *)args[0];
	unsigned int order = args[1];
	struct page *former;
	u32 index, old;

	if (!order)
		return;
	former = compound_head(page + 1);
	if (former == page || former == page + 1) {
		unite(page, order);
		return;
	}
	index = pgtag_index_get(former);
	old = pgtag_index_get(page);
	if (!pgtag_index_valid(index) || !taggable(old))
		return;
	pgtag_index_change(page, old, index);
	pgtag_charge(index, 0, 1);
}

/**
 * on_folio_split - a large folio is being split
 * @args: see shim/split.h
 *
 * The folio is locked and nobody else has a reference. The split can no longer
 * fail, and no piece has been freed yet, as those beyond the end of a file
 * soon are. A folio that is split unevenly comes here once for each cut.
 */
static void on_folio_split(const unsigned long *args)
{
	struct pgtag_split request = pgtag_split_arguments(args);

	if (PageHead(request.head))
		split(request.head, request.order, request.new_order);
}
