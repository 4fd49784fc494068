/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the slab allocator does not tell: the size of a cache's objects with all that
 * it adds to them, and the cache of an object. Where these are is learned from a
 * cache of our own.
 */
#ifndef PGTAG_SHIM_SLAB_H
#define PGTAG_SHIM_SLAB_H

#include <linux/mm.h>
#include <linux/slab.h>

extern size_t pgtag_cache_size_at;
extern size_t pgtag_slab_cache_at;

int pgtag_slab_learn(void);

/**
 * pgtag_cache_size - how far it is from one object of a cache to the next, in bytes
 * @cache: the cache
 *
 * Context: any, after pgtag_slab_learn().
 */
static __always_inline unsigned int pgtag_cache_size(const struct kmem_cache *cache)
{
	return *(const unsigned int *)((const char *)cache + pgtag_cache_size_at);
}

/**
 * pgtag_object_cache - the cache an object is from
 * @object: a slab object
 *
 * Context: any, after pgtag_slab_learn().
 */
static inline const struct kmem_cache *pgtag_object_cache(const void *object)
{
	const char *slab = (const char *)virt_to_head_page(object);

	return *(const struct kmem_cache * const *)(slab + pgtag_slab_cache_at);
}

/**
 * pgtag_objects_made - did kmem_cache_alloc_bulk() allocate what it was asked for?
 * @result: what it returned, in a register: a number or, from 7.0 on, a bool
 *
 * Context: any.
 */
static inline bool pgtag_objects_made(unsigned long result)
{
	return sizeof(kmem_cache_alloc_bulk(NULL, 0, 0, NULL)) == sizeof(u8) ?
	       (u8)result : (u32)result;
}

#endif
