/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What happens to tags when something happens to slab objects.
 */
#ifndef PGTAG_OBJECT_EVENTS_H
#define PGTAG_OBJECT_EVENTS_H

#include <linux/gfp_types.h>

#include <shim/exit.h>

struct kmem_cache;

/**
 * struct pgtag_object_events - the event handlers; events/objects.h says what each does
 * @cell: bytes of a cell
 * @kmalloc: trace event kmalloc
 * @cache_alloc: trace event kmem_cache_alloc
 * @kfree: trace event kfree
 * @cache_free: trace event kmem_cache_free
 * @bulk: entry and exit of kmem_cache_alloc_bulk()
 * @bulk_free: entry of kmem_cache_free_bulk(), with its arguments
 * @nolock: entry and exit of kmalloc_nolock()
 * @nolock_free: entry of kfree_nolock(), with its arguments
 * @rcu_free: entry of __kfree_rcu_sheaf(), with its arguments
 * @slab_free: entry of __free_slab(), with its arguments
 * @percpu_alloc: trace event percpu_alloc_percpu
 * @percpu_free: trace event percpu_free_percpu
 */
struct pgtag_object_events {
	size_t cell;
	void (*kmalloc)(void *data, unsigned long call_site, const void *object,
			size_t asked, size_t size, gfp_t gfp, int node);
	void (*cache_alloc)(void *data, unsigned long call_site, const void *object,
			    struct kmem_cache *cache, gfp_t gfp, int node);
	void (*kfree)(void *data, unsigned long call_site, const void *object);
	void (*cache_free)(void *data, unsigned long call_site, const void *object,
			   const struct kmem_cache *cache);
	struct pgtag_exit_calls bulk;
	void (*bulk_free)(const unsigned long *args);
	struct pgtag_exit_calls nolock;
	void (*nolock_free)(const unsigned long *args);
	void (*rcu_free)(const unsigned long *args);
	void (*slab_free)(const unsigned long *args);
	void (*percpu_alloc)(void *data, unsigned long call_site, bool reserved,
			     bool atomic, size_t asked, size_t align, void *base,
			     int offset, void __percpu *where, size_t size, gfp_t gfp);
	void (*percpu_free)(void *data, void *base, int offset, void __percpu *where);
};

extern const struct pgtag_object_events pgtag_events_objects;
extern const struct pgtag_object_events pgtag_events_wide_objects;

#endif
