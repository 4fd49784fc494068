/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The layout of page->flags, and the choice of the bits that hold an index.
 */
#ifndef PGTAG_LAYOUT_H
#define PGTAG_LAYOUT_H

#include <pgtag/pure.h>

/* Reserved indices, named and numbered as in the kernel's lib/codetag. */
#define CODETAG_ID_NULL		0	/* no tag */
#define CODETAG_ID_EMPTY	1	/* known, deliberately not accounted */
#define CODETAG_ID_FIRST	2	/* the first real tag */

/*
 * A stock kernel under load shows some hundred call sites: a field that cannot
 * number this many is not worth having, unless it was asked for.
 */
#define PGTAG_MIN_INDICES	2048UL
#define PGTAG_MIN_BITS		4
#define PGTAG_MAX_BITS		32

/* Which bits are asked for. */
enum pgtag_bits_of {
	PGTAG_BITS_OF_ANY,	/* unused ones if they are enough, else the others */
	PGTAG_BITS_OF_UNUSED,
	PGTAG_BITS_OF_CPUPID,
};

/* The parts of page->flags, from the most significant bit down. */
enum pgtag_part {
	PGTAG_PART_SECTION,
	PGTAG_PART_NODE,
	PGTAG_PART_ZONE,
	PGTAG_PART_LAST_CPUPID,
	PGTAG_PART_KASAN_TAG,
	PGTAG_PART_LRU_GEN,
	PGTAG_PART_LRU_REFS,
	PGTAG_PART_UNUSED,
	PGTAG_PART_FLAGS,
	PGTAG_NR_PARTS
};

/**
 * struct pgtag_widths - what a kernel's configuration says of page->flags
 * @word: bits in the word
 * @part: width of each part in bits; the unused one is computed, not given
 * @unused_taken: the kernel's own profiling compresses its tags into the
 *	unused bits, so they are not spare
 */
struct pgtag_widths {
	unsigned int word;
	unsigned int part[PGTAG_NR_PARTS];
	bool unused_taken;
};

/**
 * struct pgtag_layout - where each part of page->flags lies
 * @shift: the part's lowest bit
 * @width: the part's width in bits, 0 where this kernel has no such part
 * @unused_taken: as in &struct pgtag_widths
 */
struct pgtag_layout {
	unsigned int shift[PGTAG_NR_PARTS];
	unsigned int width[PGTAG_NR_PARTS];
	bool unused_taken;
};

/**
 * struct pgtag_field - the bits of page->flags that hold an index
 * @part: the part it was taken from, %PGTAG_PART_UNUSED (spare bits) or
 *	%PGTAG_PART_LAST_CPUPID (borrowed bits)
 * @shift: lowest bit
 * @width: width in bits
 * @mask: largest value the field holds
 * @mark: its highest bit, which is no part of an index, see events/rules.h
 * @flip: XORed into every index. The kernel resets LAST_CPUPID to all ones
 *	when it frees a page; stored as index ^ mask, that reads as NULL.
 * @bits: the field's bits, in place
 * @null: those of them that are set when the index is NULL
 * @marked: the one of them that is not as in @null when there is a mark
 */
struct pgtag_field {
	enum pgtag_part part;
	unsigned int shift;
	unsigned int width;
	unsigned long mask;
	unsigned long mark;
	unsigned long flip;
	unsigned long bits;
	unsigned long null;
	unsigned long marked;
};

int pgtag_layout_compute(struct pgtag_layout *layout,
			 const struct pgtag_widths *widths);
const char *pgtag_part_name(enum pgtag_part part);
unsigned long pgtag_field_least(enum pgtag_bits_of asked);
int pgtag_field_choose(struct pgtag_field *field,
		       const struct pgtag_layout *layout,
		       enum pgtag_bits_of asked, bool balancing);
void pgtag_field_narrow(struct pgtag_field *field, unsigned int bits);

/**
 * pgtag_field_borrowed - does the field belong to NUMA balancing?
 * @field: the chosen field
 */
static inline bool pgtag_field_borrowed(const struct pgtag_field *field)
{
	return field->part == PGTAG_PART_LAST_CPUPID;
}

/**
 * pgtag_field_get - the index in a flags word
 * @field: the chosen field
 * @word: a value of page->flags
 */
static inline unsigned long pgtag_field_get(const struct pgtag_field *field,
					    unsigned long word)
{
	return ((word >> field->shift) & field->mask) ^ field->flip;
}

/**
 * pgtag_field_code - the field's bits of a word that holds an index
 * @field: the chosen field
 * @index: the index
 */
static inline unsigned long pgtag_field_code(const struct pgtag_field *field,
					     unsigned long index)
{
	return (index ^ field->flip) << field->shift;
}

#endif
