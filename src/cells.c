// SPDX-License-Identifier: GPL-2.0
/*
 * Where the indices of slab objects are, see pgtag/cells.h.
 *
 * A page whose piece is not to be had has none for as long as no object is allocated
 * there again: what is there is not counted.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include <pgtag/cells.h>
#include <pgtag/stock.h>
#include <pgtag/walk.h>
#include <shim/symbol.h>

/* What there is a stock of: pieces, by log2 of the number of their cells, and the rest. */
enum {
	LEAVES = PGTAG_CELLS_SHIFT + 1,
	STRETCHES,
	KINDS
};

static struct pgtag_stock stocks[KINDS];

/* How many there are at least. Nothing else can take the place of a leaf. */
#define LEAST_LEAVES	128
#define LEAST_OTHERS	8

static size_t cell_size;

/* Who found a piece before it was given back knows its cells still, see pgtag/stock.h. */
static_assert(offsetof(struct pgtag_piece, cells) <=
	      offsetof(struct pgtag_stock_item, node));
/* There is room in a piece for how many pages and cells it may have. */
static_assert(PGTAG_LEAF_PIECES <= U8_MAX);
static_assert(PGTAG_CELLS_SHIFT <= 16);

/* Has one cell, in which nothing is ever found. */
struct pgtag_piece pgtag_no_piece __read_mostly = {
	.shift = PAGE_SHIFT,
	.cells = { [0 ... sizeof(u32) - 1] = 0 },
};
static struct pgtag_pieces no_leaf __read_mostly = {
	.piece = { [0 ... PGTAG_LEAF_PIECES - 1] = &pgtag_no_piece },
};
static struct pgtag_stretch no_stretch __read_mostly = {
	.leaf = { [0 ... PGTAG_STRETCH_LEAVES - 1] = &no_leaf },
};
static struct pgtag_cells_map no_memory __read_mostly;
struct pgtag_cells_map *pgtag_cells_map __read_mostly = &no_memory;

static size_t size_of(unsigned int kind)
{
	switch (kind) {
	case LEAVES:
		return sizeof(struct pgtag_pieces);
	case STRETCHES:
		return sizeof(struct pgtag_stretch);
	default:
		return sizeof(struct pgtag_piece) + (cell_size << kind);
	}
}

/* What stands for nothing yet, or NULL. */
static void *take(unsigned int kind)
{
	void *item = pgtag_stock_take(&stocks[kind]);

	if (!item)
		return NULL;
	switch (kind) {
	case LEAVES:
		return memcpy(item, &no_leaf, sizeof(no_leaf));
	case STRETCHES:
		return memcpy(item, &no_stretch, sizeof(no_stretch));
	default:
		return memset(item, 0, stocks[kind].size);
	}
}

static void give(unsigned int kind, void *item)
{
	pgtag_stock_give(&stocks[kind], item);
}

/* What is at @slot, and if that is @none, something new. NULL if there is nothing. */
static void *get(void **slot, void *none, unsigned int kind)
{
	void *there = READ_ONCE(*slot);
	void *new;

	if (there != none)
		return there;
	new = take(kind);
	if (!new)
		return NULL;
	/* Whoever sees it sees what is in it. */
	there = cmpxchg(slot, none, new);
	if (there == none)
		return new;
	give(kind, new);
	return there;
}

static struct pgtag_stretch **stretch_of(unsigned long at)
{
	return &pgtag_cells_map->stretch[at >> PGTAG_STRETCH_SHIFT];
}

static struct pgtag_pieces **leaf_of(struct pgtag_stretch *stretch, unsigned long at)
{
	return &stretch->leaf[(at >> PGTAG_LEAF_SHIFT) % PGTAG_STRETCH_LEAVES];
}

static struct pgtag_piece **piece_of(struct pgtag_pieces *leaf, unsigned long at)
{
	return &leaf->piece[(at >> PAGE_SHIFT) % PGTAG_LEAF_PIECES];
}

/* Fewer cells take as much as these, for what is in stock has at least 8 bytes of them. */
static unsigned int least_kind(void)
{
	return ilog2(sizeof(u64) / cell_size);
}

static unsigned int kind_of(const struct pgtag_piece *piece)
{
	return ilog2(piece->mask + 1U);
}

/**
 * pgtag_piece_slot - have room for the pieces of a page and of those after it
 * @page: the address of the first
 *
 * Context: any, in an event handler.
 * Return: where the page's piece is; those of the other pages of its leaf lie beside it.
 * NULL if there is no room to be had.
 */
struct pgtag_piece **pgtag_piece_slot(const void *page)
{
	unsigned long at = pgtag_memory_place(page);
	struct pgtag_pieces *leaf;
	struct pgtag_stretch *stretch;

	if (at >= pgtag_cells_map->bytes)
		return NULL;
	stretch = get((void **)stretch_of(at), &no_stretch, STRETCHES);
	if (!stretch)
		return NULL;
	leaf = get((void **)leaf_of(stretch, at), &no_leaf, LEAVES);
	return leaf ? piece_of(leaf, at) : NULL;
}

/**
 * pgtag_piece_new - take a piece for pages that want one
 * @size: of each of their objects, in bytes
 * @shift: log2 of the bytes a cell stands for, which are not more than a page
 * @span: log2 of the bytes of all those pages: at least a page, at most a leaf, and no
 *	more than 1 << PGTAG_CELLS_SHIFT cells stand for
 *
 * Context: any, in an event handler.
 * Return: a piece that is to be set for so many pages, or to be put as often; NULL if
 * there is none to be had.
 */
struct pgtag_piece *pgtag_piece_new(size_t size, unsigned int shift, unsigned int span)
{
	unsigned int kind = max(span - shift, least_kind());
	struct pgtag_piece *piece = take(kind);

	/* Where they are gone, one with more cells than it needs will do. */
	while (!piece && ++kind < LEAVES)
		piece = take(kind);
	if (!piece)
		return NULL;
	/*
	 * All from this stock have this mask, or 0 while they are made new: who still
	 * looks at what it was stays within it.
	 */
	piece->mask = (1U << kind) - 1;
	piece->size = size;
	piece->shift = shift;
	piece->pages = 1U << (span - PAGE_SHIFT);
	return piece;
}

/**
 * pgtag_piece_set - let a page have a new piece
 * @slot: of the page
 * @piece: the piece. A page that has one for objects of that size keeps what it has
 *
 * Context: any, in an event handler; the page is of a slab with an object that was just
 * allocated there.
 * Return: what the page had before, or @piece if it did not take it. pgtag_piece_put()
 * must follow.
 */
struct pgtag_piece *pgtag_piece_set(struct pgtag_piece **slot, struct pgtag_piece *piece)
{
	struct pgtag_piece *old = READ_ONCE(*slot);

	/* Whoever sees it sees what is in it. Only another CPU's allocation can be first. */
	if (old->size == piece->size || cmpxchg(slot, old, piece) != old)
		return piece;
	return old;
}

/**
 * pgtag_piece_end - a page has no objects any more
 * @page: its address
 *
 * Context: any, in an event handler; nobody owns an object there.
 * Return: the piece it had, or pgtag_no_piece. pgtag_piece_put() must follow.
 */
struct pgtag_piece *pgtag_piece_end(const void *page)
{
	unsigned long at = pgtag_memory_place(page);
	struct pgtag_pieces *leaf;

	if (pgtag_piece_of(page) == &pgtag_no_piece)
		return &pgtag_no_piece;
	leaf = READ_ONCE(*leaf_of(READ_ONCE(*stretch_of(at)), at));
	return xchg(piece_of(leaf, at), &pgtag_no_piece);
}

/**
 * pgtag_piece_put - a page does not have a piece, or not any more
 * @piece: the piece; nothing happens to pgtag_no_piece
 *
 * The last of its pages gives it back.
 *
 * Context: any.
 */
void pgtag_piece_put(struct pgtag_piece *piece)
{
	u8 pages;

	if (piece == &pgtag_no_piece)
		return;
	pages = READ_ONCE(piece->pages);
	/* Fails once at most for each other page that has it. */
	while (!try_cmpxchg(&piece->pages, &pages, pages - 1))
		;
	if (pages == 1)
		give(kind_of(piece), piece);
}

static u32 index_in(const struct pgtag_piece *piece, unsigned int cell)
{
	if (cell_size == sizeof(u16))
		return READ_ONCE(((const u16 *)piece->cells)[cell]);
	return READ_ONCE(((const u32 *)piece->cells)[cell]);
}

/* The piece may become another's meanwhile, and never has more cells than its mask says. */
static int visit_page(const struct pgtag_piece *piece, unsigned long page,
		      pgtag_cell_visit_t visit, void *arg)
{
	unsigned int mask = READ_ONCE(piece->mask);
	unsigned long first = pgtag_cell_number(piece, (const void *)page);
	unsigned int nr = min(PAGE_SIZE >> READ_ONCE(piece->shift), mask + 1UL);
	int ret = 0;
	unsigned int i;

	for (i = 0; i < nr && !ret; i++) {
		u32 index = index_in(piece, (first + i) & mask);

		if (index)
			ret = visit(index, READ_ONCE(piece->size), arg);
	}
	return ret;
}

static int visit_leaf(const struct pgtag_pieces *leaf, unsigned long page,
		      pgtag_cell_visit_t visit, void *arg)
{
	int ret = 0;
	int i;

	rcu_read_lock();
	for (i = 0; i < PGTAG_LEAF_PIECES && !ret; i++, page += PAGE_SIZE) {
		const struct pgtag_piece *piece = READ_ONCE(leaf->piece[i]);

		if (piece != &pgtag_no_piece)
			ret = visit_page(piece, page, visit, arg);
	}
	rcu_read_unlock();
	cond_resched();
	return ret;
}

static int visit_stretch(const struct pgtag_stretch *stretch, unsigned long page,
			 pgtag_cell_visit_t visit, void *arg)
{
	int ret = 0;
	int i;

	for (i = 0; i < PGTAG_STRETCH_LEAVES && !ret; i++, page += 1UL << PGTAG_LEAF_SHIFT) {
		const struct pgtag_pieces *leaf = READ_ONCE(stretch->leaf[i]);

		if (leaf != &no_leaf)
			ret = visit_leaf(leaf, page, visit, arg);
	}
	return ret;
}

/**
 * pgtag_cells_walk - visit every index in a cell
 * @visit: called for one after the other, with the size of the object, in a section of
 *	RCU; may not sleep; anything but 0 ends the walk
 * @arg: passed on
 *
 * Stretches and leaves stay once they are there, and there are no more than memory has.
 *
 * Context: process context, may sleep; the cells do not go meanwhile.
 * Return: what the last @visit returned, 0 after a whole walk, or -EINTR if a fatal
 * signal came.
 */
int pgtag_cells_walk(pgtag_cell_visit_t visit, void *arg)
{
	unsigned long nr = pgtag_cells_map->bytes >> PGTAG_STRETCH_SHIFT;
	unsigned long i;
	int ret = 0;

	for (i = 0; i < nr && !ret; i++) {
		const struct pgtag_stretch *stretch = READ_ONCE(pgtag_cells_map->stretch[i]);

		if (fatal_signal_pending(current))
			return -EINTR;
		if (stretch != &no_stretch)
			ret = visit_stretch(stretch, PGTAG_MEMORY_START +
					    (i << PGTAG_STRETCH_SHIFT), visit, arg);
		cond_resched();
	}
	return ret;
}

static void free_leaf(struct pgtag_pieces *leaf)
{
	int i;

	for (i = 0; i < PGTAG_LEAF_PIECES; i++)
		pgtag_piece_put(leaf->piece[i]);
	give(LEAVES, leaf);
	cond_resched();
}

static void free_stretch(struct pgtag_stretch *stretch)
{
	int i;

	for (i = 0; i < PGTAG_STRETCH_LEAVES; i++) {
		if (stretch->leaf[i] != &no_leaf)
			free_leaf(stretch->leaf[i]);
	}
	give(STRETCHES, stretch);
}

/* Everything back into stock. */
static void free_map(struct pgtag_cells_map *map)
{
	unsigned long nr = map->bytes >> PGTAG_STRETCH_SHIFT;
	unsigned long i;

	for (i = 0; i < nr; i++) {
		if (map->stretch[i] != &no_stretch)
			free_stretch(map->stretch[i]);
	}
	kvfree(map);
}

/* Where memory ends, or may end once all there is room for has been added. */
static unsigned long end_of_memory(void)
{
	unsigned long section = pgtag_online_section(0);
	unsigned long end = 0;
	unsigned long long possible;

	while (section < NR_MEM_SECTIONS) {
		end = section_nr_to_pfn(section + 1);
		section = pgtag_online_section(section + 1);
	}
	if (pgtag_symbol_read("max_possible_pfn", 0, &possible, sizeof(possible)))
		end = max_t(unsigned long long, end, possible);
	return round_up(end << PAGE_SHIFT, 1UL << PGTAG_STRETCH_SHIFT);
}

static int add_map(void)
{
	unsigned long bytes = end_of_memory();
	unsigned long nr = bytes >> PGTAG_STRETCH_SHIFT;
	struct pgtag_cells_map *map = kvzalloc(struct_size(map, stretch, nr), GFP_KERNEL);
	unsigned long i;

	if (!map)
		return -ENOMEM;
	for (i = 0; i < nr; i++)
		map->stretch[i] = &no_stretch;
	map->bytes = bytes;
	/* Whoever sees it sees what is in it. */
	smp_store_release(&pgtag_cells_map, map);
	return 0;
}

static int add_stock(unsigned int kind)
{
	char name[16];

	snprintf(name, sizeof(name), "pgtag_cells-%u", kind);
	return pgtag_stock_add(&stocks[kind], name, size_of(kind),
			       kind == LEAVES ? LEAST_LEAVES : LEAST_OTHERS);
}

/**
 * pgtag_cells_init - make room for cells
 * @cell: bytes of each, 2 or 4
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM; then pgtag_cells_exit() must follow as well.
 */
int pgtag_cells_init(size_t cell)
{
	unsigned int kind;
	int ret;

	cell_size = cell;
	ret = add_map();
	/*
	 * In the order in which they are filled: what there is in stock is objects, too,
	 * and those want leaves, and pieces, for which larger ones will do.
	 */
	for (kind = KINDS; kind-- > least_kind() && !ret;)
		ret = add_stock(kind);
	return ret;
}

/**
 * pgtag_cells_exit - take them all away
 *
 * Context: process context, may sleep. No event handler runs any more, and nobody
 * looks at pieces. Their memory is in stock then.
 */
void pgtag_cells_exit(void)
{
	struct pgtag_cells_map *map = pgtag_cells_map;

	pgtag_cells_map = &no_memory;
	if (map != &no_memory)
		free_map(map);
}

/**
 * pgtag_cells_memory - what the map of them takes, in bytes, without what is in stock
 *
 * Context: process context.
 */
size_t pgtag_cells_memory(void)
{
	return (pgtag_cells_map->bytes >> PGTAG_STRETCH_SHIFT) * sizeof(void *);
}
