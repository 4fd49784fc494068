/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a page's tag index is kept: in a field of its page->flags.
 *
 * The kernel itself writes other bits of the word, partly without atomics
 * (on pages only one path can reach). Whoever changes the field here owns the
 * page: it was just allocated, is about to be freed, or is locked for a split
 * or a migration. So nobody else writes the field at that moment, and one
 * atomic operation that touches no other bit is enough.
 */
#ifndef PGTAG_STORAGE_H
#define PGTAG_STORAGE_H

#include <linux/cache.h>

#include <pgtag/layout.h>
#include <shim/page.h>

extern struct pgtag_layout pgtag_layout;
extern struct pgtag_field pgtag_field;
extern unsigned long pgtag_outlives_free;

int pgtag_storage_find(bool balancing);
int pgtag_storage_claim(void);
void pgtag_storage_release(void);

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

#endif
