/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Many pages at once: in bulk, or side by side. Part of rules.h.
 */
#include <linux/bitmap.h>
#include <linux/list.h>

#include <shim/bulk.h>

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
	bulk->index = pgtag_caller_index(&pgtag_root, slot, 0, 0);
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
	if (taggable(index_get(page)))
		tag(page, 0, index);
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
	contig->index = pgtag_caller_index(&pgtag_root, slot, 0, 0);
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
		u32 old = index_get(head);

		if (old == CODETAG_ID_EMPTY)
			return;
		index_put(head, contig->index);
		pgtag_charge_new(contig->index, compound_nr(head));
		return;
	}
	for (pfn = contig->start; pfn < contig->end; pfn++)
		tag_bulk_page(pfn_to_page(pfn), contig->index);
}
