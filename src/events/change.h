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
 * The two folios swap their indices, and nobody is charged: the old one need
 * not be freed, a page of hugetlb goes back to its pool.
 *
 * Device memory is never freed through the allocator, so it must not carry an
 * index. A page whose content goes there, or comes from there, keeps its own
 * until it is freed. Drivers may also pair folios of different sizes, which
 * keep theirs as well.
 */
static void on_migrate(const unsigned long *args)
{
	struct folio *new = (struct folio *)args[0];
	struct folio *old = (struct folio *)args[1];
	u32 from, to;

	if (folio_is_zone_device(new) || folio_is_zone_device(old) ||
	    folio_order(new) != folio_order(old))
		return;
	from = pgtag_index_get(&old->page);
	to = pgtag_index_get(&new->page);
	pgtag_index_change(&new->page, to, from);
	pgtag_index_change(&old->page, from, to);
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
