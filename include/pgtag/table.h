/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table of indices: an entry a page, in pieces of one memory section each.
 */
#ifndef PGTAG_TABLE_H
#define PGTAG_TABLE_H

/* Pieces are found through leaves of this many pointers, a page of them. */
#define PGTAG_LEAF_BITS	9

struct pgtag_leaf {
	void *piece[1 << PGTAG_LEAF_BITS];
};

extern struct pgtag_leaf **pgtag_leaves;

#endif
