/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The accounting rules of slab objects and per-CPU allocations, one function an event.
 * Nothing else is here.
 *
 * Compiled once for each size of a cell, by objects.c and wide_objects.c.
 *
 * The invariant: at rest, a tag's calls are the number of cells and of per-CPU
 * allocations that hold its index, and its bytes the sum of their sizes. An object's size
 * is that of its cache with all that the slab allocator adds, as in the kernel's own
 * profiling, and a per-CPU allocation's what all CPUs have of it.
 *
 * What is freed without an event that is known here keeps its cell until another object
 * takes the place, or the page goes.
 */
#include <linux/kfence.h>
#include <linux/mm.h>

#include <arch/pointer.h>
#include <pgtag/caller.h>
#include <pgtag/cells.h>
#include <pgtag/counters.h>
#include <pgtag/object_events.h>
#include <pgtag/percpu_map.h>
#include <pgtag/stats.h>
#include <shim/slab.h>

static __always_inline PGTAG_CELL *cell_of(struct pgtag_piece *piece, const void *object)
{
	return (PGTAG_CELL *)piece->cells + pgtag_cell_number(piece, object);
}

static __always_inline void charge(struct pgtag_counter __percpu *counter, long size,
				   long objects)
{
	pgtag_percpu_add(counter->bytes, size);
	pgtag_percpu_add(counter->objects, objects);
}

static __always_inline void charge_new(u32 index, size_t size)
{
	charge(pgtag_made[index], size, 1);
}

static __always_inline void uncharge(u32 index, size_t size)
{
	charge(pgtag_counters[index], -(long)size, -1);
}

/* A page does not have this piece. Have nobody own what it still has of the page. */
static void drop_page(const void *page, struct pgtag_piece *piece)
{
	PGTAG_CELL *cell = cell_of(piece, page);
	unsigned int nr = PAGE_SIZE >> piece->shift;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (cell[i])
			uncharge(cell[i], piece->size);
	}
	pgtag_piece_put(piece);
}

/* Have a piece for the page of an object, and for those around it that it can be for. */
static void add_piece(const void *object, size_t size)
{
	unsigned int shift = clamp(ilog2(size), PGTAG_CELL_SHIFT, PAGE_SHIFT);
	unsigned int span = PAGE_SHIFT;
	struct pgtag_piece **slot;
	struct pgtag_piece *piece;
	const void *page, *end;

	/* Each of KFENCE's pages has one object at a time, of any size. */
	if (is_kfence_address(object))
		shift = PAGE_SHIFT;
	else
		span += compound_order(virt_to_head_page(object));
	span = min3(span, shift + PGTAG_CELLS_SHIFT, (unsigned int)PGTAG_LEAF_SHIFT);
	page = PTR_ALIGN_DOWN(object, 1UL << span);
	end = page + (1UL << span);
	slot = pgtag_piece_slot(page);
	piece = slot ? pgtag_piece_new(size, shift, span) : NULL;
	if (!piece)
		return;
	for (; page < end; page += PAGE_SIZE)
		drop_page(page, pgtag_piece_set(slot++, piece));
}

/*
 * The piece for an object where the page has none, or one for objects of another size:
 * that of KFENCE's page, or of a slab whose end went unseen. NULL if there is none to be
 * had.
 */
static struct pgtag_piece *piece_for(const void *object, size_t size)
{
	struct pgtag_piece *piece = pgtag_piece_of(object);

	if (piece->size != size) {
		add_piece(object, size);
		piece = pgtag_piece_of(object);
	}
	return piece->size == size ? piece : NULL;
}

static void tag_object(const void *object, size_t size, u32 index)
{
	struct pgtag_piece *piece = piece_for(object, size);
	PGTAG_CELL *cell;
	u32 old;

	if (!piece) {
		pgtag_count(PGTAG_STAT_DROPPED_OBJECT);
		return;
	}
	cell = cell_of(piece, object);
	old = READ_ONCE(*cell);
	if (old) {
		pgtag_count(PGTAG_STAT_STALE_OBJECT);
		uncharge(old, size);
	}
	WRITE_ONCE(*cell, index);
	charge_new(index, size);
}

/*
 * What is not common, out of line. The hot path does not come back from these,
 * so it has no registers to save.
 */
static noinline void allocated_slowly(const unsigned long *slot, unsigned long call_site,
				      const void *object, size_t size)
{
	u32 index;

	if (ZERO_OR_NULL_PTR(object))
		return;
	index = pgtag_caller_index(&pgtag_objects_root, slot, pgtag_return_pointer(),
				   call_site);
	if (index)
		tag_object(object, size, index);
}

static noinline void allocated_checked(const unsigned long *slot, unsigned long call_site,
				       const void *object, size_t size,
				       enum pgtag_stat hit)
{
	pgtag_count_more(hit);
	allocated_slowly(slot, call_site, object, size);
	pgtag_caller_check(&pgtag_objects_root, slot, pgtag_return_pointer(), call_site);
}

static __always_inline void allocated(const unsigned long *slot, unsigned long call_site,
				      const void *object, size_t size,
				      enum pgtag_stat hit)
{
	struct pgtag_counter __percpu *counter;
	const struct pgtag_node *site;
	struct pgtag_piece *piece;
	PGTAG_CELL *cell;

	if (pgtag_count_alloc(hit)) {
		allocated_checked(slot, call_site, object, size, hit);
		return;
	}
	piece = pgtag_piece_of(object);
	cell = cell_of(piece, object);
	counter = pgtag_caller_told(&site, &pgtag_objects_root, slot, call_site);
	if (unlikely(!counter || piece->size != size || READ_ONCE(*cell))) {
		allocated_slowly(slot, call_site, object, size);
		return;
	}
	WRITE_ONCE(*cell, site->next);
	pgtag_percpu_add(counter->bytes, size);
	pgtag_percpu_add(counter->objects, 1);
}

static __always_inline void freed(const void *object)
{
	struct pgtag_piece *piece = pgtag_piece_of(object);
	PGTAG_CELL *cell = cell_of(piece, object);
	u32 index = READ_ONCE(*cell);

	if (!index)
		return;
	WRITE_ONCE(*cell, CODETAG_ID_NULL);
	uncharge(index, piece->size);
}

/**
 * on_kmalloc - kmalloc() allocated something (trace event kmalloc)
 * @data: unused
 * @call_site: unused, for a helper may stand between it and who wanted the object
 * @object: where, NULL if the allocation failed
 * @asked: the size that was asked for, in bytes
 * @size: the size it has
 * @gfp: unused
 * @node: unused
 *
 * Those that asked for more than any cache has are no objects, but pages, which have
 * been counted.
 *
 * Context: any in which objects are allocated.
 */
static void on_kmalloc(void *data, unsigned long call_site, const void *object,
		       size_t asked, size_t size, gfp_t gfp, int node)
{
	if (likely(asked <= KMALLOC_MAX_CACHE_SIZE))
		allocated(pgtag_return_slot(), call_site, object, size,
			  PGTAG_HIT_KMALLOC);
}

/**
 * on_cache_alloc - a cache gave an object (trace event kmem_cache_alloc)
 * @data: unused
 * @call_site: unused
 * @object: where, NULL if the allocation failed
 * @cache: the cache
 * @gfp: unused
 * @node: unused
 *
 * Context: any in which objects are allocated.
 */
static void on_cache_alloc(void *data, unsigned long call_site, const void *object,
			   struct kmem_cache *cache, gfp_t gfp, int node)
{
	allocated(pgtag_return_slot(), call_site, object, pgtag_cache_size(cache),
		  PGTAG_HIT_CACHE_ALLOC);
}

/**
 * on_kfree - an object is about to be freed (trace event kfree)
 * @data: unused
 * @call_site: unused
 * @object: where; NULL, or pages, too
 *
 * Context: any in which objects are freed.
 */
static void on_kfree(void *data, unsigned long call_site, const void *object)
{
	pgtag_count(PGTAG_HIT_KFREE);
	freed(object);
}

/* As on_kfree() (trace event kmem_cache_free). */
static void on_cache_free(void *data, unsigned long call_site, const void *object,
			  const struct kmem_cache *cache)
{
	pgtag_count(PGTAG_HIT_CACHE_FREE);
	freed(object);
}

/* What is kept between entry and exit of an allocation that fires no event. */
struct unseen {
	u32 index;		/* the caller's tag */
	size_t size;
	size_t nr;
	void **objects;
};

static struct unseen *unseen_of(struct pgtag_exit_data *data)
{
	BUILD_BUG_ON(sizeof(struct unseen) > sizeof(*data));
	return (struct unseen *)data;
}

/**
 * on_objects_entry - kmem_cache_alloc_bulk() begins
 * @data: kept for on_objects_exit()
 * @args: its arguments: cache, flags, number, array
 * @slot: where its return address lies
 *
 * Return: whether its exit is worth seeing.
 */
static bool on_objects_entry(struct pgtag_exit_data *data, const unsigned long *args,
			     const unsigned long *slot)
{
	struct unseen *unseen = unseen_of(data);

	pgtag_count(PGTAG_HIT_OBJECTS);
	unseen->size = pgtag_cache_size((const struct kmem_cache *)args[0]);
	unseen->nr = args[2];
	unseen->objects = (void **)args[3];
	unseen->index = pgtag_caller_index(&pgtag_objects_root, slot, 0, 0);
	return unseen->index;
}

/**
 * on_objects_exit - kmem_cache_alloc_bulk() is done
 * @data: from on_objects_entry()
 * @result: what it returned
 */
static void on_objects_exit(struct pgtag_exit_data *data, unsigned long result)
{
	struct unseen *unseen = unseen_of(data);
	size_t i;

	if (!pgtag_objects_made(result))
		return;
	for (i = 0; i < unseen->nr; i++)
		tag_object(unseen->objects[i], unseen->size, unseen->index);
}

/**
 * on_objects_free - kmem_cache_free_bulk(cache, number, array) is called
 * @args: its arguments
 *
 * It frees what kfree_rcu() has gathered, too, pages among that.
 */
static void on_objects_free(const unsigned long *args)
{
	void **objects = (void **)args[2];
	size_t i;

	for (i = 0; i < args[1]; i++)
		freed(objects[i]);
}

/**
 * on_nolock_entry - kmalloc_nolock() begins
 * @data: kept for on_nolock_exit()
 * @args: its arguments
 * @slot: where its return address lies
 *
 * Return: whether its exit is worth seeing.
 */
static bool on_nolock_entry(struct pgtag_exit_data *data, const unsigned long *args,
			    const unsigned long *slot)
{
	struct unseen *unseen = unseen_of(data);

	pgtag_count(PGTAG_HIT_NOLOCK);
	unseen->index = pgtag_caller_index(&pgtag_objects_root, slot, 0, 0);
	return unseen->index;
}

/**
 * on_nolock_exit - kmalloc_nolock() is done
 * @data: from on_nolock_entry()
 * @result: the object, NULL, or ZERO_SIZE_PTR
 */
static void on_nolock_exit(struct pgtag_exit_data *data, unsigned long result)
{
	const void *object = (const void *)result;

	if (!ZERO_OR_NULL_PTR(object))
		tag_object(object, pgtag_cache_size(pgtag_object_cache(object)),
			   unseen_of(data)->index);
}

/* kfree_nolock(object) is called. */
static void on_nolock_free(const unsigned long *args)
{
	freed((const void *)args[0]);
}

/*
 * __kfree_rcu_sheaf(cache, object, ...) is called: the object is freed without an event
 * when RCU allows it, or later in this call comes to another that is hooked.
 */
static void on_rcu_free(const unsigned long *args)
{
	freed((const void *)args[1]);
}

/**
 * on_slab_free - __free_slab(cache, slab, ...) is called
 * @args: its arguments; the slab is its first page
 *
 * The pages are about to be freed. Nobody owns an object there any more.
 */
static void on_slab_free(const unsigned long *args)
{
	struct page *head = (struct page *)args[1];
	const void *page = page_address(head);
	unsigned long nr = compound_nr(head);

	for (; nr--; page += PAGE_SIZE)
		drop_page(page, pgtag_piece_end(page));
}

/**
 * on_percpu_alloc - something was allocated for each CPU (trace event
 * percpu_alloc_percpu)
 * @data: unused
 * @call_site: where the allocator returns to
 * @reserved: unused
 * @atomic: unused
 * @asked: unused
 * @align: unused
 * @base: unused
 * @offset: unused
 * @where: its address, for no CPU in particular
 * @size: of all CPUs' together, with what the allocator adds, in bytes
 * @gfp: unused
 *
 * Context: any but NMI.
 */
static void on_percpu_alloc(void *data, unsigned long call_site, bool reserved,
			    bool atomic, size_t asked, size_t align, void *base,
			    int offset, void __percpu *where, size_t size, gfp_t gfp)
{
	struct pgtag_area area = { .bytes = size };
	struct pgtag_area old;

	pgtag_count(PGTAG_HIT_PERCPU);
	area.index = pgtag_caller_index(&pgtag_objects_root, pgtag_return_slot(),
					pgtag_return_pointer(), call_site);
	if (!area.index)
		return;
	if (!pgtag_percpu_put(where, &area, &old)) {
		pgtag_count(PGTAG_STAT_DROPPED_OBJECT);
		return;
	}
	charge_new(area.index, size);
	if (old.index) {
		pgtag_count(PGTAG_STAT_STALE_OBJECT);
		uncharge(old.index, old.bytes);
	}
}

/**
 * on_percpu_free - something of each CPU is free again (trace event
 * percpu_free_percpu)
 * @data: unused
 * @base: unused
 * @offset: unused
 * @where: its address. Nobody else is given it before the allocator's lock is dropped.
 *
 * Context: any but NMI, interrupts are off.
 */
static void on_percpu_free(void *data, void *base, int offset, void __percpu *where)
{
	struct pgtag_area area;

	pgtag_count(PGTAG_HIT_PERCPU_FREE);
	if (pgtag_percpu_take(where, &area))
		uncharge(area.index, area.bytes);
}

const struct pgtag_object_events PGTAG_EVENTS = {
	.cell = sizeof(PGTAG_CELL),
	.kmalloc = on_kmalloc,
	.cache_alloc = on_cache_alloc,
	.kfree = on_kfree,
	.cache_free = on_cache_free,
	.bulk = { .entry = on_objects_entry, .exit = on_objects_exit },
	.bulk_free = on_objects_free,
	.nolock = { .entry = on_nolock_entry, .exit = on_nolock_exit },
	.nolock_free = on_nolock_free,
	.rcu_free = on_rcu_free,
	.slab_free = on_slab_free,
	.percpu_alloc = on_percpu_alloc,
	.percpu_free = on_percpu_free,
};
