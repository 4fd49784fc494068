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
#include <pgtag/nodes.h>
#include <pgtag/table.h>

/* Where the index of a page is: its entry. */
struct pgtag_place {
	PGTAG_ENTRY index;
};

/*
 * Where the index of @page is, or NULL. Every online section has a piece: the
 * ones that are there when profiling starts, and later ones before they go
 * online. Should the kernel ever hand out a page that is in none, it reads
 * EMPTY and is left alone: nothing is charged for it, and nothing breaks.
 */
static __always_inline struct pgtag_place *pgtag_place(struct page *page)
{
	unsigned long pfn = page_to_pfn(page);
	unsigned long section = pfn_to_section_nr(pfn);
	struct pgtag_leaf *leaf = pgtag_leaves[section >> PGTAG_LEAF_BITS];
	struct pgtag_place *piece;

	if (unlikely(!leaf))
		return NULL;
	piece = leaf->piece[section % (1 << PGTAG_LEAF_BITS)];
	return likely(piece) ? piece + pfn % PAGES_PER_SECTION : NULL;
}

#define PGTAG_PLACE_STRIDE	sizeof(struct pgtag_place)

/* A block is never in two sections. */
static __always_inline struct pgtag_place *pgtag_place_at(struct pgtag_place *place,
							  unsigned long offset)
{
	return likely(place) ? (void *)place + offset : NULL;
}

static __always_inline unsigned long pgtag_place_get(struct pgtag_place *place)
{
	return likely(place) ? READ_ONCE(place->index) : CODETAG_ID_EMPTY;
}

static __always_inline bool pgtag_place_empty(struct pgtag_place *place)
{
	return pgtag_place_get(place) == CODETAG_ID_NULL;
}

static __always_inline unsigned long pgtag_place_code(u32 index)
{
	return index;
}

static __always_inline void pgtag_place_put(struct pgtag_place *place,
					    unsigned long code)
{
	if (likely(place))
		WRITE_ONCE(place->index, code);
}

static __always_inline void pgtag_place_fill(struct pgtag_place *place,
					     const struct pgtag_node *site)
{
	WRITE_ONCE(place->index, site->next);
}

static __always_inline void pgtag_place_clear(struct pgtag_place *place)
{
	pgtag_place_put(place, CODETAG_ID_NULL);
}

static __always_inline u32 pgtag_index_mark(void)
{
	return 1U << (sizeof(PGTAG_ENTRY) * BITS_PER_BYTE - 1);
}

static __always_inline void pgtag_place_unmark(struct pgtag_place *place)
{
	if (likely(place) && READ_ONCE(place->index) & pgtag_index_mark())
		WRITE_ONCE(place->index, CODETAG_ID_NULL);
}

static __always_inline void pgtag_place_take(struct pgtag_place *place,
					     unsigned long index)
{
	pgtag_place_clear(place);
}

static __always_inline bool pgtag_kernel_resets(void)
{
	return false;
}

static __always_inline void pgtag_place_drop(struct pgtag_place *place)
{
	pgtag_place_clear(place);
}

#endif
