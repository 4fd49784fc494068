// SPDX-License-Identifier: GPL-2.0
/*
 * The accounting rules, one function an event. Nothing else is here.
 *
 * Compiled once for each storage, by events_flags.c, events_table.c and
 * events_wide_table.c, so that no page is asked which one it is.
 *
 * The invariant: at rest, a tag's calls are the number of pages that carry
 * its index, and its bytes the size of those allocations. Only the head of
 * an allocation carries an index.
 *
 * A block that is not compound can fall apart unseen: who drops a reference
 * to it that is not the last one frees all but its first page, in pieces. So
 * each page where such a piece begins carries the block's index too, with a
 * mark, which makes it another value. It says whose bytes to take away when
 * the piece is freed by itself; freed with its block, it is cleared.
 */
#include <linux/bitmap.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/page-flags.h>

#include <pgtag/caller.h>
#include <pgtag/events.h>
#include <pgtag/stats.h>
#include <pgtag/tags.h>
#include <shim/bulk.h>
#include <shim/split.h>

/* One allocation in so many has its caller compared with the unwinder's. */
#define CHECK_EVERY	4096

static __always_inline void tag(struct page *page, unsigned int order,
				u32 old, u32 index)
{
	pgtag_index_change(page, old, index);
	pgtag_charge(index, 1L << order, 1);
}

/*
 * May a page get a tag that reads this? Not if it has one, nor if it has no
 * place for one. What is neither NULL nor a tag's is nothing: where the kernel
 * makes anew the part of the memory map that it had given back for a hugetlb
 * page, fields may read anything.
 */
static bool taggable(u32 old)
{
	return old != CODETAG_ID_EMPTY && !pgtag_index_valid(old);
}

/* A page left the free lists with a tag, which still counts it: leave both. */
static noinline void tag_unclean(struct page *page, unsigned int order,
				 u32 index)
{
	u32 old = pgtag_index_get(page);

	if (taggable(old))
		tag(page, order, old, index);
	else
		pgtag_count(PGTAG_STAT_STALE);
}

/*
 * A page that has just left the free lists reads NULL: the kernel or the free
 * handler reset it when it came there.
 */
static void tag_new(struct page *page, unsigned int order, u32 index)
{
	if (unlikely(pgtag_index_present(page)))
		tag_unclean(page, order, index);
	else
		tag(page, order, CODETAG_ID_NULL, index);
}

/* The pieces __free_pages() makes: one of each lower order. */
static void mark_pieces(struct page *head, unsigned int order, u32 index)
{
	u32 marked = index | pgtag_index_mark();

	while (order--) {
		struct page *piece = head + (1UL << order);

		pgtag_index_change(piece, pgtag_index_get(piece), marked);
	}
}

/* Is a page that was allocated like this a block of pages in their own right? */
static __always_inline bool in_pieces(unsigned int order, gfp_t gfp)
{
	return order && !(gfp & __GFP_COMP);
}

/*
 * What is not common, out of line. The hot path does not come back from these,
 * so it has no registers to save.
 */
static noinline void alloc_slowly(struct page *page, unsigned int order,
				  const unsigned long *slot)
{
	u32 index = pgtag_caller_index(slot);

	if (index)
		tag_new(page, order, index);
}

static noinline void alloc_block(struct page *page, unsigned int order,
				 const unsigned long *slot)
{
	u32 index = pgtag_caller_index(slot);

	if (!index)
		return;
	tag_new(page, order, index);
	mark_pieces(page, order, index);
}

/**
 * on_alloc - a page was allocated (trace event mm_page_alloc)
 * @data: unused
 * @page: its first page, NULL if the allocation failed
 * @order: its order
 * @gfp: its flags
 * @migratetype: unused
 *
 * Context: any in which pages are allocated, NMI included.
 */
static void on_alloc(void *data, struct page *page, unsigned int order,
		       gfp_t gfp, int migratetype)
{
	const unsigned long *slot = pgtag_return_slot();
	u32 index;

	if (unlikely(!page))
		return;
	pgtag_count(PGTAG_HIT_ALLOC);
	if (unlikely(in_pieces(order, gfp))) {
		alloc_block(page, order, slot);
		return;
	}
	index = pgtag_caller_quick(slot);
	if (unlikely(!index)) {
		alloc_slowly(page, order, slot);
		return;
	}
	if (unlikely(pgtag_index_present(page))) {
		tag_unclean(page, order, index);
		return;
	}
	tag(page, order, CODETAG_ID_NULL, index);
	if (unlikely(!(raw_cpu_read(pgtag_stats.count[PGTAG_HIT_ALLOC]) %
		       CHECK_EVERY)))
		pgtag_caller_check(slot, index);
}

/* What is kept between entry and exit of the allocator. */
struct call {
	u32 index;		/* the caller's tag */
	unsigned int order;
	gfp_t gfp;
};

static bool begin_call(struct pgtag_exit_data *data, gfp_t gfp,
		       unsigned int order, const unsigned long *slot)
{
	struct call *call = (struct call *)data;

	call->gfp = gfp;
	call->order = order;
	call->index = pgtag_caller_unwind(slot);
	return call->index;
}

/**
 * on_call_entry - an allocation begins
 * @data: kept for on_call_exit()
 * @args: the allocator's arguments: flags, order, ...
 * @slot: where its return address lies
 *
 * The second way to see what on_alloc() sees. It asks the unwinder each time.
 *
 * Return: whether its exit is worth seeing.
 */
static bool on_call_entry(struct pgtag_exit_data *data,
			  const unsigned long *args, const unsigned long *slot)
{
	pgtag_count(PGTAG_HIT_ALLOC);
	return begin_call(data, args[0], args[1], slot);
}

/* As on_call_entry(); the arguments are flags, node, order. */
static bool on_nolock_entry(struct pgtag_exit_data *data,
			    const unsigned long *args,
			    const unsigned long *slot)
{
	pgtag_count(PGTAG_HIT_ALLOC_NOLOCK);
	return begin_call(data, args[0], args[2], slot);
}

/**
 * on_call_exit - an allocation is done
 * @data: from on_call_entry()
 * @result: its first page, or NULL
 *
 * Where one of these functions calls another, the inner one was here before.
 */
static void on_call_exit(struct pgtag_exit_data *data, unsigned long result)
{
	const struct call *call = (struct call *)data;
	struct page *page = (struct page *)result;

	if (!page || !taggable(pgtag_index_get(page)))
		return;
	tag_new(page, call->order, call->index);
	if (in_pieces(call->order, call->gfp))
		mark_pieces(page, call->order, call->index);
}

/* Pages without a tag, and pieces of a block that are freed by themselves. */
static noinline void free_untagged(struct page *page, unsigned int order,
				   u32 index)
{
	u32 marked = index ^ pgtag_index_mark();

	if (!pgtag_index_valid(marked)) {
		pgtag_count(PGTAG_STAT_UNTAGGED_FREE);
		return;
	}
	pgtag_charge(marked, -(1L << order), 0);
	pgtag_index_drop(page, index);
}

static noinline void clear_pieces(struct page *head, unsigned int order)
{
	while (order--) {
		struct page *piece = head + (1UL << order);
		u32 index = pgtag_index_get(piece);

		if (index & pgtag_index_mark())
			pgtag_index_change(piece, index, CODETAG_ID_NULL);
	}
}

/**
 * on_free - a page is about to be freed (trace event mm_page_free)
 * @data: unused
 * @page: its first page
 * @order: its order
 *
 * Context: any in which pages are freed, NMI included.
 */
static void on_free(void *data, struct page *page, unsigned int order)
{
	u32 index = pgtag_index_get(page);

	pgtag_count(PGTAG_HIT_FREE);
	if (unlikely(!pgtag_index_valid(index))) {
		free_untagged(page, order, index);
		return;
	}
	pgtag_charge(index, -(1L << order), -1);
	pgtag_index_drop(page, index);
	if (unlikely(order))
		clear_pieces(page, order);
}

/*
 * What a bulk allocation keeps between entry and exit. It fills the NULL
 * entries of an array, or adds to a list; only what it filled is its own.
 * Entries filled before are as good as always the first ones; of those that
 * follow after a gap a bitmap is kept, as long as it reaches.
 */
struct bulk {
	void *target;		/* array or list */
	u32 index;		/* the caller's tag */
	bool is_list;
	u32 first;		/* first NULL entry of the array */
	u32 end;		/* look at no entry from here on */
	unsigned long filled[PGTAG_EXIT_WORDS - 4];	/* from @first on */
};

#define BULK_REACH	(sizeof_field(struct bulk, filled) * BITS_PER_BYTE)

static struct bulk *bulk_of(struct pgtag_exit_data *data)
{
	BUILD_BUG_ON(sizeof(struct bulk) > sizeof(*data));
	return (struct bulk *)data;
}

static void note_filled(struct bulk *bulk, struct page **array, u32 nr)
{
	u32 i;

	for (i = 0; i < nr && array[i]; i++)
		;
	bulk->first = i;
	bulk->end = nr;
	bitmap_zero(bulk->filled, BULK_REACH);
	for (; i < nr; i++) {
		if (!array[i])
			continue;
		if (i - bulk->first >= BULK_REACH) {
			bulk->end = i;
			return;
		}
		__set_bit(i - bulk->first, bulk->filled);
	}
}

/**
 * on_bulk_entry - a bulk allocation begins
 * @data: kept for on_bulk_exit()
 * @args: the allocator's arguments
 * @slot: where its return address lies
 *
 * Return: whether its exit is worth seeing.
 */
static bool on_bulk_entry(struct pgtag_exit_data *data,
			    const unsigned long *args,
			    const unsigned long *slot)
{
	struct pgtag_bulk request = pgtag_bulk_arguments(args);
	struct bulk *bulk = bulk_of(data);

	pgtag_count(PGTAG_HIT_BULK);
	if (request.nr <= 0 || (!request.list && !request.array))
		return false;
	bulk->index = pgtag_caller_index(slot);
	if (!bulk->index)
		return false;
	bulk->is_list = request.list;
	bulk->target = request.list ? (void *)request.list : request.array;
	if (!bulk->is_list)
		note_filled(bulk, request.array, request.nr);
	return true;
}

/* A page that came through the normal path has been seen and tagged. */
static void tag_bulk_page(struct page *page, u32 index)
{
	u32 old = pgtag_index_get(page);

	if (taggable(old))
		tag(page, 0, old, index);
}

static void tag_list(const struct bulk *bulk, unsigned long nr)
{
	struct page *page;

	list_for_each_entry(page, (struct list_head *)bulk->target, lru) {
		if (!nr--)
			return;
		tag_bulk_page(page, bulk->index);
	}
}

static bool filled_before(const struct bulk *bulk, u32 i)
{
	return i - bulk->first < BULK_REACH &&
	       test_bit(i - bulk->first, bulk->filled);
}

static void tag_array(const struct bulk *bulk, unsigned long nr)
{
	struct page **array = bulk->target;
	u32 i;

	for (i = bulk->first; i < nr; i++) {
		if (i >= bulk->end) {
			pgtag_count(PGTAG_STAT_DROPPED);
			continue;
		}
		if (array[i] && !filled_before(bulk, i))
			tag_bulk_page(array[i], bulk->index);
	}
}

/**
 * on_bulk_exit - a bulk allocation is done
 * @data: from on_bulk_entry()
 * @result: number of pages on the list, or of entries of the array that are
 *	filled now
 */
static void on_bulk_exit(struct pgtag_exit_data *data, unsigned long result)
{
	struct bulk *bulk = bulk_of(data);

	if (bulk->is_list)
		tag_list(bulk, result);
	else
		tag_array(bulk, result);
}

/*
 * A contiguous range is taken from the free lists without an event, whole and
 * where its caller wants it.
 */
struct contig {
	unsigned long start;	/* pfn */
	unsigned long end;
	u32 index;		/* the caller's tag */
};

/**
 * on_contig_entry - the allocation of a range begins
 * @data: kept for on_contig_exit()
 * @args: the allocator's arguments: first pfn, one past the last, ...
 * @slot: where its return address lies
 *
 * Return: whether its exit is worth seeing.
 */
static bool on_contig_entry(struct pgtag_exit_data *data,
			    const unsigned long *args,
			    const unsigned long *slot)
{
	struct contig *contig = (struct contig *)data;

	pgtag_count(PGTAG_HIT_CONTIG);
	contig->start = args[0];
	contig->end = args[1];
	contig->index = pgtag_caller_index(slot);
	return contig->index;
}

/**
 * on_contig_exit - the allocation of a range is done
 * @data: from on_contig_entry()
 * @result: 0, or a negative error
 *
 * With __GFP_COMP it is one compound page, else each page is one of its own.
 */
static void on_contig_exit(struct pgtag_exit_data *data, unsigned long result)
{
	const struct contig *contig = (struct contig *)data;
	struct page *head = pfn_to_page(contig->start);
	unsigned long pfn;

	if ((int)result)
		return;
	if (PageHead(head)) {
		pgtag_index_change(head, pgtag_index_get(head), contig->index);
		pgtag_charge(contig->index, compound_nr(head), 1);
		return;
	}
	for (pfn = contig->start; pfn < contig->end; pfn++)
		tag_bulk_page(pfn_to_page(pfn), contig->index);
}

/* An allocation falls into pieces of a lower order. */
static void split(struct page *head, unsigned int order, unsigned int new_order)
{
	u32 index = pgtag_index_get(head);
	unsigned long nr = 1UL << order;
	unsigned long piece = 1UL << new_order;
	unsigned long i;

	if (!pgtag_index_valid(index))
		return;
	for (i = piece; i < nr; i += piece)
		pgtag_index_change(head + i, pgtag_index_get(head + i), index);
	pgtag_charge(index, 0, nr / piece - 1);
}

/**
 * on_split_page - split_page(page, order) is called
 * @args: its arguments
 */
static void on_split_page(const unsigned long *args)
{
	split((struct page *)args[0], args[1], 0);
}

/**
 * on_alloc_exact - make_alloc_exact(addr, order, size) is called
 * @args: its arguments
 *
 * It splits the allocation and frees what is beyond @size, page by page.
 */
static void on_alloc_exact(const unsigned long *args)
{
	if (args[0])
		split(virt_to_page((void *)args[0]), args[1], 0);
}

/**
 * on_migrate - folio_migrate_flags(new, old) is called
 * @args: its arguments
 *
 * The old allocation lives on in the new folio. What the new one was charged
 * for is no longer; the old one is freed without a tag.
 */
static void on_migrate(const unsigned long *args)
{
	struct folio *new = (struct folio *)args[0];
	struct folio *old = (struct folio *)args[1];
	u32 from = pgtag_index_get(&old->page);
	u32 to = pgtag_index_get(&new->page);

	if (pgtag_index_valid(to))
		pgtag_charge(to, -folio_nr_pages(new), -1);
	pgtag_index_change(&new->page, to, from);
	pgtag_index_change(&old->page, from, CODETAG_ID_NULL);
}

/* Pages that were each allocated by themselves are one allocation now. */
static void unite(struct page *head, unsigned int order)
{
	u32 index = pgtag_index_get(head);
	unsigned long i;

	for (i = 1; i < 1UL << order; i++) {
		u32 from = pgtag_index_get(head + i);

		if (!pgtag_index_valid(from))
			continue;
		pgtag_index_change(head + i, from, CODETAG_ID_NULL);
		pgtag_charge(from, -1, -1);
		if (pgtag_index_valid(index))
			pgtag_charge(index, 1, 0);
	}
}

/**
 * on_compound - prep_compound_page(page, order) is called
 * @args: its arguments
 *
 * Not where pages are allocated, there it is inlined: a large hugetlb page is
 * demoted to smaller ones. They were a folio, of which this one comes off if
 * its second page still belongs to another head; or, on kernels that allocate
 * gigantic pages page by page, they were not. Some kernels come here too when
 * they split a folio; the page has its index by then.
 */
static void on_compound(const unsigned long *args)
{
	struct page *page = (struct page *)args[0];
	unsigned int order = args[1];
	struct page *former;
	u32 index;

	if (!order)
		return;
	former = compound_head(page + 1);
	if (former == page || former == page + 1) {
		unite(page, order);
		return;
	}
	index = pgtag_index_get(former);
	if (!pgtag_index_valid(index) || !taggable(pgtag_index_get(page)))
		return;
	pgtag_index_change(page, pgtag_index_get(page), index);
	pgtag_charge(index, 0, 1);
}

/**
 * on_folio_split - a large folio is being split
 * @args: see shim/split.h
 *
 * The folio is locked and nobody else has a reference. The split can no longer
 * fail, and no piece has been freed yet, as those beyond the end of a file
 * soon are. A folio that is split unevenly comes here once for each cut.
 */
static void on_folio_split(const unsigned long *args)
{
	struct pgtag_split request = pgtag_split_arguments(args);

	if (PageHead(request.head))
		split(request.head, request.order, request.new_order);
}

const struct pgtag_events PGTAG_EVENTS = {
	.alloc = on_alloc,
	.call = { .entry = on_call_entry, .exit = on_call_exit },
	.call_nolock = { .entry = on_nolock_entry, .exit = on_call_exit },
	.free = on_free,
	.bulk = { .entry = on_bulk_entry, .exit = on_bulk_exit },
	.contig = { .entry = on_contig_entry, .exit = on_contig_exit },
	.split_page = on_split_page,
	.alloc_exact = on_alloc_exact,
	.migrate = on_migrate,
	.compound = on_compound,
	.folio_split = on_folio_split,
};
