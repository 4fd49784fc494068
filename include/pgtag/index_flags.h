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
#include <pgtag/nodes.h>
#include <shim/page.h>

extern struct pgtag_field pgtag_field;
extern unsigned long pgtag_outlives_free;

/* Where the index of a page is: page->flags. */
struct pgtag_place {
	atomic_long_t word;
};

/**
 * pgtag_place - where the index of a page is
 * @page: any page
 *
 * Context: any.
 * Return: the place; never NULL here.
 */
static __always_inline struct pgtag_place *pgtag_place(struct page *page)
{
	return (struct pgtag_place *)pgtag_page_flags(page);
}

/* How far it is from a page's place to that of the next one, in bytes. */
#define PGTAG_PLACE_STRIDE	sizeof(struct page)

/**
 * pgtag_place_at - where the index of another page is
 * @place: of the first page of a block
 * @offset: how many pages further in that block, times PGTAG_PLACE_STRIDE
 *
 * Context: any.
 */
static __always_inline struct pgtag_place *pgtag_place_at(struct pgtag_place *place,
							  unsigned long offset)
{
	return (void *)place + offset;
}

/**
 * pgtag_place_get - the index a page carries
 * @place: of any page
 *
 * Context: any.
 */
static __always_inline unsigned long pgtag_place_get(struct pgtag_place *place)
{
	return pgtag_field_get(&pgtag_field,
			       atomic_long_read(&place->word));
}

/**
 * pgtag_place_empty - does a page carry no index?
 * @place: of any page
 *
 * Context: any.
 */
static __always_inline bool pgtag_place_empty(struct pgtag_place *place)
{
	unsigned long word = atomic_long_read(&place->word);

	return !((word ^ pgtag_field.null) & pgtag_field.bits);
}

/**
 * pgtag_place_code - what a place holds that carries an index
 * @index: the index
 */
static __always_inline unsigned long pgtag_place_code(u32 index)
{
	return pgtag_field_code(&pgtag_field, index);
}

/**
 * pgtag_place_put - replace the index a page carries
 * @place: of a page the caller owns, not a tail page
 * @code: pgtag_place_code() of the new index
 *
 * Context: any. One locked instruction.
 */
static __always_inline void pgtag_place_put(struct pgtag_place *place,
					    unsigned long code)
{
	unsigned long word = atomic_long_read(&place->word);

	atomic_long_xor((word ^ code) & pgtag_field.bits, &place->word);
}

/**
 * pgtag_place_fill - give a page that carries no index that of a site
 * @place: as pgtag_place_put()
 * @site: the node
 *
 * Context: any. One locked instruction.
 */
static __always_inline void pgtag_place_fill(struct pgtag_place *place,
					     const struct pgtag_node *site)
{
	atomic_long_xor(site->stamp, &place->word);
}

/**
 * pgtag_place_take - have a page carry its index no more
 * @place: as pgtag_place_put()
 * @index: what pgtag_place_get() says of it
 *
 * Context: any. One locked instruction.
 */
static __always_inline void pgtag_place_take(struct pgtag_place *place,
					     unsigned long index)
{
	/* The encoding cancels out. */
	atomic_long_xor(index << pgtag_field.shift, &place->word);
}

/**
 * pgtag_place_clear - have a page carry no index, whatever it reads
 * @place: as pgtag_place_put()
 *
 * Context: any. One locked instruction.
 */
static __always_inline void pgtag_place_clear(struct pgtag_place *place)
{
	pgtag_place_put(place, pgtag_field.null);
}

/**
 * pgtag_place_unmark - have a page carry no index, if it carries one with the mark
 * @place: as pgtag_place_put()
 *
 * Context: any. One locked instruction, if it does.
 */
static __always_inline void pgtag_place_unmark(struct pgtag_place *place)
{
	unsigned long change = atomic_long_read(&place->word) ^ pgtag_field.null;

	if (change & pgtag_field.marked)
		atomic_long_xor(change & pgtag_field.bits, &place->word);
}

/**
 * pgtag_kernel_resets - does the kernel reset a page's field when it frees it?
 *
 * Context: any.
 */
static __always_inline bool pgtag_kernel_resets(void)
{
	return pgtag_field_borrowed(&pgtag_field);
}

/**
 * pgtag_place_drop - a page goes to the free lists and must read NULL there
 * @place: of the page
 *
 * Nothing is to be done where pgtag_kernel_resets().
 *
 * Context: any.
 */
static __always_inline void pgtag_place_drop(struct pgtag_place *place)
{
	if (unlikely(atomic_long_read(&place->word) & pgtag_outlives_free))
		pgtag_place_clear(place);
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

#endif
