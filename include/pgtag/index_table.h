/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tag index of a page, kept in a table beside the memory map. Whoever
 * includes this has said in PGTAG_ENTRY what type an entry is. See
 * index_flags.h for who may change an index.
 */
#ifndef PGTAG_INDEX_TABLE_H
#define PGTAG_INDEX_TABLE_H

#include <linux/mm.h>
#include <linux/mmzone.h>

#include <pgtag/layout.h>
#include <pgtag/table.h>

/*
 * Where the index of @page is, or NULL. Every online section has a piece: the
 * ones that are there when profiling starts, and later ones before they go
 * online. Should the kernel ever hand out a page that is in none, it reads
 * EMPTY and is left alone: nothing is charged for it, and nothing breaks.
 */
static __always_inline PGTAG_ENTRY *pgtag_index_place(struct page *page)
{
	unsigned long pfn = page_to_pfn(page);
	unsigned long section = pfn_to_section_nr(pfn);
	struct pgtag_leaf *leaf = pgtag_leaves[section >> PGTAG_LEAF_BITS];
	PGTAG_ENTRY *piece;

	if (unlikely(!leaf))
		return NULL;
	piece = leaf->piece[section % (1 << PGTAG_LEAF_BITS)];
	return likely(piece) ? piece + pfn % PAGES_PER_SECTION : NULL;
}

static __always_inline u32 pgtag_index_get(struct page *page)
{
	PGTAG_ENTRY *place = pgtag_index_place(page);

	return likely(place) ? READ_ONCE(*place) : CODETAG_ID_EMPTY;
}

static __always_inline u32 pgtag_index_mark(void)
{
	return 1U << (sizeof(PGTAG_ENTRY) * BITS_PER_BYTE - 1);
}

static __always_inline bool pgtag_index_present(struct page *page)
{
	return pgtag_index_get(page);
}

static __always_inline void pgtag_index_change(struct page *page, u32 from,
					       u32 to)
{
	PGTAG_ENTRY *place = pgtag_index_place(page);

	if (likely(place))
		WRITE_ONCE(*place, to);
}

static __always_inline void pgtag_index_drop(struct page *page, u32 index)
{
	pgtag_index_change(page, index, CODETAG_ID_NULL);
}

#endif
