/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tag index of a slab object: a cell in the piece of the page where the object
 * begins. A cell stands for so many bytes of the page that no two objects begin in
 * them: the power of two not above an object's size.
 *
 * The pages of a slab have one piece together, or several, if there are very many
 * objects or pages: that takes less than one each. But each page has its own pointer
 * to it and loses it by itself, so nobody has to know which pages were a slab once.
 *
 * Pieces are found by the object's address, in three steps: a stretch of 16 MiB, in it
 * a leaf of 128 KiB, in it a page. Where there is none, a step leads to one that
 * stands for nothing, so that nobody has to ask: its piece has objects of no size.
 *
 * A cell is written by who owns the object: it was just allocated, or is about to be
 * freed. A page loses its piece when the slab goes, and then nobody owns an object there.
 */
#ifndef PGTAG_CELLS_H
#define PGTAG_CELLS_H

#include <linux/compiler.h>
#include <linux/mm.h>
#include <linux/types.h>

#include <arch/memory.h>

#define PGTAG_LEAF_PIECES	32
#define PGTAG_STRETCH_LEAVES	128
#define PGTAG_LEAF_SHIFT	(PAGE_SHIFT + ilog2(PGTAG_LEAF_PIECES))
#define PGTAG_STRETCH_SHIFT	(PGTAG_LEAF_SHIFT + ilog2(PGTAG_STRETCH_LEAVES))

/* The smallest object a slab has. */
#define PGTAG_CELL_SHIFT	3

/* A piece has no more cells than a page of these has: log2 of their number. */
#define PGTAG_CELLS_SHIFT	(PAGE_SHIFT - PGTAG_CELL_SHIFT)

/**
 * struct pgtag_piece - cells of one page, or of as many as a power of two
 * @size: of each object, in bytes, with what the slab allocator adds to it
 * @mask: the number of cells, a power of two, less one
 * @shift: log2 of the bytes a cell stands for, which are not more than a page
 * @pages: how many pages have it
 * @cells: their indices, of 2 or 4 bytes each
 *
 * Its first page is aligned to all the bytes of its pages, so the cells of each are
 * together, by address. It may have more cells than its pages need.
 */
struct pgtag_piece {
	u32 size;
	u16 mask;
	u8 shift;
	u8 pages;
	u8 cells[] __aligned(8);
};

struct pgtag_pieces {
	struct pgtag_piece *piece[PGTAG_LEAF_PIECES];
};

struct pgtag_stretch {
	struct pgtag_pieces *leaf[PGTAG_STRETCH_LEAVES];
};

/**
 * struct pgtag_cells_map - all of the memory
 * @bytes: how much that is, from physical address 0 on
 * @stretch: by address
 */
struct pgtag_cells_map {
	unsigned long bytes;
	struct pgtag_stretch *stretch[];
};

extern struct pgtag_cells_map *pgtag_cells_map;
extern struct pgtag_piece pgtag_no_piece;

/* Looks at the index of a cell; anything but 0 ends the walk. */
typedef int (*pgtag_cell_visit_t)(u32 index, size_t size, void *arg);

int pgtag_cells_init(size_t cell);
void pgtag_cells_exit(void);
struct pgtag_piece *pgtag_piece_new(size_t size, unsigned int shift, unsigned int span);
struct pgtag_piece **pgtag_piece_slot(const void *page);
struct pgtag_piece *pgtag_piece_set(struct pgtag_piece **slot, struct pgtag_piece *piece);
struct pgtag_piece *pgtag_piece_end(const void *page);
void pgtag_piece_put(struct pgtag_piece *piece);
int pgtag_cells_walk(pgtag_cell_visit_t visit, void *arg);
size_t pgtag_cells_memory(void);

/* Where an address is in the map. */
static __always_inline unsigned long pgtag_memory_place(const void *address)
{
	return (unsigned long)address - PGTAG_MEMORY_START;
}

/**
 * pgtag_piece_of - the cells of an object's page
 * @object: its address, or what a caller of kfree() may pass
 *
 * Context: any, in an event handler.
 * Return: the piece, or pgtag_no_piece.
 */
static __always_inline struct pgtag_piece *pgtag_piece_of(const void *object)
{
	unsigned long at = pgtag_memory_place(object);
	const struct pgtag_cells_map *map = READ_ONCE(pgtag_cells_map);
	const struct pgtag_pieces *leaf;
	const struct pgtag_stretch *stretch;

	/* Not ERR_PTR(), NULL, ZERO_SIZE_PTR, nor memory that came later. */
	if (unlikely(at >= map->bytes))
		return &pgtag_no_piece;
	stretch = READ_ONCE(map->stretch[at >> PGTAG_STRETCH_SHIFT]);
	leaf = READ_ONCE(stretch->leaf[(at >> PGTAG_LEAF_SHIFT) % PGTAG_STRETCH_LEAVES]);
	return READ_ONCE(leaf->piece[(at >> PAGE_SHIFT) % PGTAG_LEAF_PIECES]);
}

/* Which of its cells is an object's? */
static __always_inline unsigned long pgtag_cell_number(const struct pgtag_piece *piece,
						       const void *object)
{
	return (unsigned long)object >> piece->shift & piece->mask;
}

#endif
