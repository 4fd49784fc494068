/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a page says of its allocation, for who walks the memory map.
 */
#ifndef PGTAG_SEEN_H
#define PGTAG_SEEN_H

#include <linux/bitops.h>
#include <linux/mm.h>

#include <pgtag/storage.h>

enum pgtag_kind {
	PGTAG_NOTHING,	/* no index, or none that means anything */
	PGTAG_HEAD,	/* the first page of an allocation: it is a call */
	PGTAG_PIECE,	/* where a piece of one begins, see events/rules.h */
	PGTAG_STRAY,	/* an index where there should be none */
};

/**
 * struct pgtag_seen - what a page says of its allocation
 * @kind: what it is; the others are for heads and pieces
 * @index: of the tag
 * @pages: how many it stands for. A block that is not compound is the sum of its
 *	head, which is one, and its pieces.
 */
struct pgtag_seen {
	enum pgtag_kind kind;
	u32 index;
	unsigned long pages;
};

/* Is this where a piece of a block begins, whose head has that index? */
static inline bool pgtag_is_piece(const struct pgtag_storage *storage,
				  unsigned long pfn, u32 index)
{
	/* Blocks are aligned to their size, and so are their pieces. */
	struct page *head = pfn_to_online_page(pfn & (pfn - 1));

	return pfn && head && storage->get(head) == index;
}

/* Nobody holds the page: what is read while it is freed may be anything. */
static inline unsigned long pgtag_pages_of(struct page *head)
{
	unsigned long pages = compound_nr(head);

	return pages <= PUD_SIZE / PAGE_SIZE ? pages : 1;
}

/**
 * pgtag_see - what does a page say of its allocation?
 * @storage: where its index is
 * @page: any page that is online
 * @pfn: its number
 *
 * Context: that of a visitor of the memory map, in a section of RCU, and a part of
 * its loop.
 */
static __always_inline struct pgtag_seen
pgtag_see(const struct pgtag_storage *storage, struct page *page,
	  unsigned long pfn)
{
	struct pgtag_seen seen = { .kind = PGTAG_NOTHING };
	u32 index = storage->get(page);
	u32 mark = storage->mark();

	/* All bits: such fields the kernel made anew, see events/rules.h. */
	if (index < CODETAG_ID_FIRST || index == (mark | (mark - 1)))
		return seen;
	seen.index = index & ~mark;
	if (PageTail(page)) {
		seen.kind = PGTAG_STRAY;
	} else if (index == seen.index) {
		seen.kind = PGTAG_HEAD;
		seen.pages = pgtag_pages_of(page);
	} else if (pgtag_is_piece(storage, pfn, seen.index)) {
		seen.kind = PGTAG_PIECE;
		seen.pages = 1UL << __ffs(pfn);
	} else {
		seen.kind = PGTAG_STRAY;
	}
	return seen;
}

#endif
