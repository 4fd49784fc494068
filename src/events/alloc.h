/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One allocation at a time, and its free. Part of rules.h.
 */
#include <pgtag/caller.h>
#include <pgtag/stats.h>
#include <pgtag/tags.h>

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
static noinline bool tag_unclean(struct page *page, unsigned int order,
				 u32 index)
{
	u32 old = pgtag_index_get(page);

	if (!taggable(old)) {
		pgtag_count(PGTAG_STAT_STALE);
		return false;
	}
	tag(page, order, old, index);
	return true;
}

/*
 * A page that has just left the free lists reads NULL: the kernel or the free
 * handler reset it when it came there. Does it have the tag now?
 */
static bool tag_new(struct page *page, unsigned int order, u32 index)
{
	if (unlikely(pgtag_index_present(page)))
		return tag_unclean(page, order, index);
	tag(page, order, CODETAG_ID_NULL, index);
	return true;
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

	if (index && tag_new(page, order, index))
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
};

static bool begin_call(struct pgtag_exit_data *data, unsigned int order,
		       const unsigned long *slot)
{
	struct call *call = (struct call *)data;

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
	return begin_call(data, args[1], slot);
}

/* As on_call_entry(); the arguments are flags, node, order. */
static bool on_nolock_entry(struct pgtag_exit_data *data,
			    const unsigned long *args,
			    const unsigned long *slot)
{
	pgtag_count(PGTAG_HIT_ALLOC_NOLOCK);
	return begin_call(data, args[2], slot);
}

/**
 * on_call_exit - an allocation is done
 * @data: from on_call_entry()
 * @result: its first page, or NULL
 *
 * Where one of these functions calls another, the inner one was here before.
 * Some make a compound page whatever flags they were called with.
 */
static void on_call_exit(struct pgtag_exit_data *data, unsigned long result)
{
	const struct call *call = (struct call *)data;
	struct page *page = (struct page *)result;

	if (!page || !taggable(pgtag_index_get(page)))
		return;
	if (tag_new(page, call->order, call->index) && call->order &&
	    !PageHead(page))
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
	pgtag_index_change(page, index, CODETAG_ID_NULL);
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
	if (likely(!order)) {
		pgtag_index_drop(page, index);
		return;
	}
	/* The kernel resets the field only if it finds none of the pages bad. */
	pgtag_index_change(page, index, CODETAG_ID_NULL);
	if (unlikely(!PageHead(page)))
		clear_pieces(page, order);
}

/**
 * on_bad - bad_page(page, reason) is called
 * @args: its arguments
 *
 * The page was being freed, so on_free() was here before. The kernel keeps it
 * for ever, and does not reset its field.
 */
static void on_bad(const unsigned long *args)
{
	struct page *page = (struct page *)args[0];

	pgtag_index_change(page, pgtag_index_get(page), CODETAG_ID_NULL);
}
