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
