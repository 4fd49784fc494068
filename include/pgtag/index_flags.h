/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tag index of a page, kept in a field of its page->flags.
 *
 * The kernel itself writes other bits of the word, partly without atomics
 * (on pages only one path can reach). Whoever changes the field here owns the
 * page: it was just allocated, is about to be freed, or is locked for a split
 * or a migration. So nobody else writes the field at that moment, and one
 * atomic operation that touches no other bit is enough.
 *
 * index_table.h has the same functions for the other storage. An event
 * handler is compiled against one or the other, see events/rules.h.
 */
#ifndef PGTAG_INDEX_FLAGS_H
#define PGTAG_INDEX_FLAGS_H

#include <pgtag/layout.h>
#include <shim/page.h>

extern struct pgtag_field pgtag_field;
extern unsigned long pgtag_outlives_free;

/**
 * pgtag_index_get - the index a page carries
 * @page: any page
 *
 * Context: any.
 */
static __always_inline u32 pgtag_index_get(struct page *page)
{
	return pgtag_field_get(&pgtag_field,
			       atomic_long_read(pgtag_page_flags(page)));
}

/**
 * pgtag_index_mark - the bit that is no part of an index
 *
 * Context: any.
 */
static __always_inline u32 pgtag_index_mark(void)
{
	return pgtag_field.mark;
}

/**
 * pgtag_index_present - does a page carry an index?
 * @page: any page
 *
 * Context: any.
 */
static __always_inline bool pgtag_index_present(struct page *page)
{
	unsigned long word = atomic_long_read(pgtag_page_flags(page));

	return (word ^ pgtag_field.null) & pgtag_field.bits;
}

/**
 * pgtag_index_change - replace the index a page carries
 * @page: a page the caller owns, not a tail page
 * @from: what pgtag_index_get() says of it
 * @to: the new index
 *
 * Context: any. One locked instruction.
 */
static __always_inline void pgtag_index_change(struct page *page, u32 from,
					       u32 to)
{
	atomic_long_xor(pgtag_field_change(&pgtag_field, from, to),
			pgtag_page_flags(page));
}

/**
 * pgtag_index_drop - a page goes to the free lists and must read NULL there
 * @page: the page
 * @index: what pgtag_index_get() says of it
 *
 * The kernel resets the borrowed field itself when it frees a page.
 *
 * Context: any.
 */
static __always_inline void pgtag_index_drop(struct page *page, u32 index)
{
	unsigned long word = atomic_long_read(pgtag_page_flags(page));

	if (unlikely(word & pgtag_outlives_free))
		pgtag_index_change(page, index, CODETAG_ID_NULL);
}

#endif
