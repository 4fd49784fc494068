/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Allocations that fall apart, move or unite. Part of rules.h.
 */
#include <shim/movable.h>
#include <shim/split.h>

/*
 * Without a virtual memory map (CONFIG_SPARSEMEM_VMEMMAP) each section has a map of its
 * own, anywhere, and a gigantic page of hugetlb is larger than a section.
 */
static struct page *page_after(struct page *head, unsigned long nr)
{
	return pfn_to_page(page_to_pfn(head) + nr);
}

/* An allocation falls into pieces of a lower order. */
static void split(struct page *head, unsigned int order, unsigned int new_order)
{
	u32 index = index_get(head);
	unsigned long nr = 1UL << order;
	unsigned long piece = 1UL << new_order;
	unsigned long i;

	if (!pgtag_index_valid(index))
		return;
	for (i = piece; i < nr; i += piece)
		index_put(page_after(head, i), index);
	pgtag_charge(index, 0, nr / piece - 1);
}

/**
 * on_split - a block or, up to 6.14, a large folio is being split
 * @args: see shim/split.h
 *
 * split_page() and alloc_pages_exact() make single pages of a block. The latter frees
 * what is beyond the size, page by page, after this. For folios see on_folio_split().
 */
static void on_split(const unsigned long *args)
{
	struct pgtag_split request = pgtag_split_arguments(args);

	split(request.head, request.order, request.new_order);
}

/**
 * on_folio_split - folio_split_memcg_refs(folio, order, new_order) is called
 * @args: its arguments
 *
 * The folio is locked and nobody else has a reference. The split can no longer
 * fail, and no piece has been freed yet, as those beyond the end of a file
 * soon are. A folio that is split unevenly comes here once for each cut.
 */
static void on_folio_split(const unsigned long *args)
{
	split((struct page *)args[0], args[1], args[2]);
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
	from = index_get(&old->page);
	to = index_get(&new->page);
	/* One that has no place for an index gets none. */
	if (from == CODETAG_ID_EMPTY || to == CODETAG_ID_EMPTY)
		return;
	index_put(&new->page, from);
	index_put(&old->page, to);
}

/* What is kept between entry and exit of what allocates a page to move to. */
struct target {
	struct page *source;
};

static bool begin_target(struct pgtag_exit_data *data, unsigned long source,
			 enum pgtag_stat hit)
{
	struct target *target = (struct target *)data;

	target->source = (struct page *)source;
	if (!pgtag_has_movable_ops(target->source))
		return false;
	pgtag_count(hit);
	return true;
}

/**
 * on_target_entry - alloc_migration_target(source, ...) is called
 * @data: kept for on_target_exit()
 * @args: its arguments
 * @slot: unused
 *
 * What a driver moves by itself (balloons, zsmalloc, z3fold) never comes to
 * on_migrate(), and the kernel has no function left that has both pages. But who
 * allocates the page to move to knows the one that is to move. Others are no
 * hits.
 *
 * Return: whether its exit is worth seeing.
 */
static bool on_target_entry(struct pgtag_exit_data *data,
			    const unsigned long *args,
			    const unsigned long *slot)
{
	return begin_target(data, args[0], PGTAG_HIT_TARGET);
}

/* As on_target_entry(), of compaction_alloc(). */
static bool on_compaction_entry(struct pgtag_exit_data *data,
				const unsigned long *args,
				const unsigned long *slot)
{
	return begin_target(data, args[0], PGTAG_HIT_COMPACTION);
}

/**
 * on_target_exit - there is a page to move to
 * @data: from on_target_entry()
 * @result: the page, or NULL
 *
 * It is charged to the same tag from the start, or to none, in place of the tag
 * that it may have: of its allocation, or where compaction keeps it for the next
 * source because the last one could not be moved. Whichever of the two is not in
 * use in the end is freed, as any page is. Until then both are there. The source is
 * isolated: it stays until it was moved.
 */
static void on_target_exit(struct pgtag_exit_data *data, unsigned long result)
{
	const struct target *target = (struct target *)data;
	struct page *page = (struct page *)result;
	u32 index = index_get(target->source);
	u32 old;

	if (!page)
		return;
	old = index_get(page);
	if (old == CODETAG_ID_EMPTY)
		return;
	if (!pgtag_index_valid(index))
		index = CODETAG_ID_NULL;
	if (pgtag_index_valid(old))
		pgtag_charge(old, -compound_nr(page), -1);
	index_put(page, index);
	if (index)
		pgtag_charge(index, compound_nr(page), 1);
}
