/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One allocation at a time, and its free. Part of rules.h.
 */
#include <arch/pointer.h>
#include <pgtag/caller.h>
#include <pgtag/stats.h>
#include <pgtag/tags.h>

static __always_inline void tag(struct page *page, unsigned int order, u32 index)
{
	index_put(page, index);
	pgtag_charge_new(index, 1L << order);
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

/*
 * A page that has just left the free lists reads NULL: the kernel or the free
 * handler reset it when it came there. If it has a tag, which still counts it, leave
 * both. Does it have the new one now?
 */
static bool tag_new(struct page *page, unsigned int order, u32 index)
{
	if (unlikely(!taggable(index_get(page)))) {
		pgtag_count(PGTAG_STAT_STALE);
		return false;
	}
	tag(page, order, index);
	return true;
}

/*
 * The pieces __free_pages() makes of a block, which is no single page: one of each
 * lower order, each twice as far from the head as the one before.
 */
static noinline void mark_pieces(u32 index, struct pgtag_place *head,
				 unsigned int order)
{
	unsigned long marked = pgtag_place_code(index | pgtag_index_mark());
	unsigned long end = pgtag_order_pages[order] * PGTAG_PLACE_STRIDE;
	unsigned long offset = PGTAG_PLACE_STRIDE;

	do {
		pgtag_place_put(pgtag_place_at(head, offset), marked);
		offset *= 2;
	} while (offset < end);
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
static noinline void alloc_slowly(const unsigned long *slot, struct page *page,
				  unsigned int order, gfp_t gfp)
{
	u32 index = pgtag_caller_index(&pgtag_root, slot, pgtag_return_pointer(), 0);

	if (index && tag_new(page, order, index) && in_pieces(order, gfp))
		mark_pieces(index, pgtag_place(page), order);
}

static noinline void alloc_checked(const unsigned long *slot, struct page *page,
				   unsigned int order, gfp_t gfp)
{
	pgtag_count_more(PGTAG_HIT_ALLOC);
	alloc_slowly(slot, page, order, gfp);
	pgtag_caller_check(&pgtag_root, slot, pgtag_return_pointer(), 0);
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
	struct pgtag_counter __percpu *counter;
	const struct pgtag_node *site;
	struct pgtag_place *place;
	long tails;

	if (unlikely(!page))
		return;
	if (pgtag_count_alloc(PGTAG_HIT_ALLOC)) {
		alloc_checked(slot, page, order, gfp);
		return;
	}
	place = pgtag_place(page);
	counter = pgtag_caller_quick(&site, &pgtag_root, slot);
	if (unlikely(!counter || !pgtag_place_empty(place))) {
		alloc_slowly(slot, page, order, gfp);
		return;
	}
	pgtag_place_fill(place, site);
	/* As pgtag_charge_new() does, most often in less. */
	tails = pgtag_order_pages[order];
	pgtag_percpu_add(counter->pages, tails);
	if (likely(!--tails))
		return;
	pgtag_percpu_add(counter->tails, tails);
	if (unlikely(!(gfp & __GFP_COMP)))
		mark_pieces(site->next, place, order);
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
	call->index = pgtag_caller_unwind(&pgtag_root, slot);
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

	if (!page || !taggable(index_get(page)))
		return;
	if (tag_new(page, call->order, call->index) && call->order &&
	    !PageHead(page))
		mark_pieces(call->index, pgtag_place(page), call->order);
}

/* Pages without a tag, and pieces of a block that are freed by themselves. */
static noinline void free_untagged(struct pgtag_place *place, unsigned int order,
				   u32 index)
{
	u32 marked = index ^ pgtag_index_mark();

	if (!pgtag_index_valid(marked)) {
		pgtag_count(PGTAG_STAT_UNTAGGED_FREE);
		return;
	}
	pgtag_charge(marked, -(1L << order), 0);
	pgtag_place_clear(place);
}

/* As mark_pieces(). */
static noinline void clear_pieces(struct pgtag_place *head, unsigned int order)
{
	unsigned long end = pgtag_order_pages[order] * PGTAG_PLACE_STRIDE;
	unsigned long offset = PGTAG_PLACE_STRIDE;

	do {
		pgtag_place_unmark(pgtag_place_at(head, offset));
		offset *= 2;
	} while (offset < end);
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
	struct pgtag_place *place = pgtag_place(page);
	unsigned long index = pgtag_place_get(place);
	struct pgtag_counter __percpu *counter;
	long minus;

	pgtag_count(PGTAG_HIT_FREE);
	if (unlikely(!pgtag_index_valid(index))) {
		free_untagged(place, order, index);
		return;
	}
	counter = pgtag_counters[index];
	if (likely(!order)) {
		pgtag_percpu_add(counter->pages, -1);
		pgtag_place_drop(place);
		return;
	}
	/* The kernel resets the field only if it finds none of the pages bad. */
	pgtag_place_take(place, index);
	minus = pgtag_order_minus[order];
	pgtag_percpu_add(counter->tails, minus + 1);
	pgtag_percpu_add(counter->pages, minus);
	if (unlikely(!pgtag_page_is_head(page)))
		clear_pieces(place, order);
}

/**
 * on_bad - bad_page(page, reason) is called
 * @args: its arguments
 *
 * A page that was freed by itself: on_free() was here before. The kernel keeps it for
 * ever, and does not reset its field.
 *
 * Or it is in use and somebody else's: who frees a block with too large an order frees
 * what comes after it, which the kernel finds bad for that. Such a page is still to be
 * freed by its owner. It has a reference, which what was freed has not, or is a slab, or
 * part of something larger.
 */
static void on_bad(const unsigned long *args)
{
	struct page *page = (struct page *)args[0];

	if (!pgtag_kernel_resets() || page_ref_count(page) ||
	    PageCompound(page) || PageSlab(page))
		return;
	index_put(page, CODETAG_ID_NULL);
}
