// SPDX-License-Identifier: GPL-2.0
/*
 * Slab objects by each way to get and to give back some, @arg of them a unit; see
 * cases.c for how the functions are to be. What is taken besides is of other functions.
 */
#include <linux/mempool.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "object_cases.h"

#define MOST	64	/* objects of a unit */

/* What comes before another object. */
struct object {
	struct object *next;
	struct rcu_head rcu;
	char rest[40];
};

static_assert(sizeof(struct object) == 64);

static int chain(struct unit *unit, void *memory)
{
	struct object *object = memory;

	if (!object)
		return -ENOMEM;
	object->next = unit->addr;
	unit->addr = object;
	return 0;
}

static void give_back(struct unit *unit, void (*free)(struct unit *unit, struct object *object))
{
	struct object *object, *next;

	for (object = unit->addr; object; object = next) {
		next = object->next;
		free(unit, object);
	}
	unit->addr = NULL;
}

static void by_kfree(struct unit *unit, struct object *object)
{
	kfree(object);
}

static void by_kvfree(struct unit *unit, struct object *object)
{
	kvfree(object);
}

static void by_kfree_sensitive(struct unit *unit, struct object *object)
{
	kfree_sensitive(object);
}

static void by_kfree_rcu(struct unit *unit, struct object *object)
{
	kfree_rcu(object, rcu);
}

static void by_cache_free(struct unit *unit, struct object *object)
{
	kmem_cache_free(unit->cache, object);
}

static void free_kfree(struct unit *unit)
{
	give_back(unit, by_kfree);
}

static void free_kvfree(struct unit *unit)
{
	give_back(unit, by_kvfree);
}

static void free_kfree_sensitive(struct unit *unit)
{
	give_back(unit, by_kfree_sensitive);
}

static void free_kfree_rcu(struct unit *unit)
{
	give_back(unit, by_kfree_rcu);
}

static noinline __used int pgtag_test_object_kmalloc(struct unit *unit)
{
	return chain(unit, kmalloc(64, GFP_QUIET));
}

static noinline __used int pgtag_test_object_rcu(struct unit *unit)
{
	return chain(unit, kzalloc(64, GFP_QUIET));
}

static noinline __used int pgtag_test_object_node(struct unit *unit)
{
	return chain(unit, kmalloc_node(64, GFP_QUIET, numa_mem_id()));
}

/* Of a size that the compiler does not know. */
static noinline __used int pgtag_test_object_variable(struct unit *unit)
{
	size_t size = 250;

	OPTIMIZER_HIDE_VAR(size);
	return chain(unit, kmalloc(size, GFP_QUIET));
}

/* In place, and then elsewhere. */
static noinline __used int pgtag_test_object_realloc(struct unit *unit)
{
	void *memory = krealloc(NULL, 20, GFP_QUIET);
	void *larger = memory ? krealloc(memory, 28, GFP_QUIET) : NULL;
	void *moved = larger ? krealloc(larger, 200, GFP_QUIET) : NULL;

	if (!moved)
		kfree(larger ?: memory);
	return chain(unit, moved);
}

static noinline __used int pgtag_test_object_memdup(struct unit *unit)
{
	struct object object = { };

	return chain(unit, kmemdup(&object, sizeof(object), GFP_QUIET));
}

static noinline __used int pgtag_test_object_kvmalloc(struct unit *unit)
{
	return chain(unit, kvmalloc(64, GFP_QUIET));
}

static int alloc_each(struct unit *unit, int (*alloc)(struct unit *unit),
		      void (*free)(struct unit *unit))
{
	unsigned int i;

	for (i = 0; i < unit->arg; i++) {
		if (alloc(unit)) {
			free(unit);
			return -ENOMEM;
		}
	}
	return 0;
}

#define ALLOC_EACH(name, free)						\
	static int alloc_##name(struct unit *unit)			\
	{								\
		return alloc_each(unit, pgtag_test_object_##name, free);	\
	}

ALLOC_EACH(kmalloc, free_kfree)
ALLOC_EACH(rcu, free_kfree_rcu)
ALLOC_EACH(node, free_kfree)
ALLOC_EACH(variable, free_kfree_sensitive)
ALLOC_EACH(realloc, free_kfree)
ALLOC_EACH(memdup, free_kfree)
ALLOC_EACH(kvmalloc, free_kvfree)

#ifdef kmalloc_nolock
static void by_kfree_nolock(struct unit *unit, struct object *object)
{
	kfree_nolock(object);
}

static void free_kfree_nolock(struct unit *unit)
{
	give_back(unit, by_kfree_nolock);
}

static noinline __used int pgtag_test_object_nolock(struct unit *unit)
{
	return chain(unit, kmalloc_nolock(64, 0, NUMA_NO_NODE));
}

ALLOC_EACH(nolock, free_kfree_nolock)
#endif

/* A cache that is made one with no other. */

static void construct(void *object)
{
}

static int make_cache(struct unit *unit)
{
	static unsigned int made;	/* under the control file's lock */
	char name[32];

	snprintf(name, sizeof(name), "pgtag_objects%u", made++);
	unit->cache = kmem_cache_create(name, sizeof(struct object), 0, 0, construct);
	return unit->cache ? 0 : -ENOMEM;
}

static void free_cache(struct unit *unit)
{
	give_back(unit, by_cache_free);
	kmem_cache_destroy(unit->cache);
}

static noinline __used int pgtag_test_object_cache(struct unit *unit)
{
	return chain(unit, kmem_cache_alloc(unit->cache, GFP_QUIET));
}

static noinline __used int pgtag_test_object_cache_node(struct unit *unit)
{
	return chain(unit, kmem_cache_alloc_node(unit->cache, GFP_QUIET, numa_mem_id()));
}

static int alloc_cache(struct unit *unit)
{
	return make_cache(unit) ?: alloc_each(unit, pgtag_test_object_cache, free_cache);
}

static int alloc_cache_node(struct unit *unit)
{
	return make_cache(unit) ?: alloc_each(unit, pgtag_test_object_cache_node, free_cache);
}

/* All at once, there and back. */

static noinline __used int pgtag_test_object_bulk(struct unit *unit, void **objects)
{
	return kmem_cache_alloc_bulk(unit->cache, GFP_QUIET, unit->arg, objects) ? 0 : -ENOMEM;
}

static int alloc_bulk(struct unit *unit)
{
	void *objects[MOST];
	unsigned int i;
	int err;

	if (unit->arg > MOST)
		return -EINVAL;
	err = make_cache(unit) ?: pgtag_test_object_bulk(unit, objects);
	for (i = 0; i < unit->arg && !err; i++)
		chain(unit, objects[i]);
	return err;
}

static void free_bulk(struct unit *unit)
{
	struct object *object;
	void *objects[MOST];
	size_t nr = 0;

	for (object = unit->addr; object; object = object->next)
		objects[nr++] = object;
	kmem_cache_free_bulk(unit->cache, nr, objects);
	kmem_cache_destroy(unit->cache);
}

/* Through a pool, which has one object of its own. */

static noinline __used int pgtag_test_object_pool(struct unit *unit)
{
	return chain(unit, mempool_alloc(unit->mempool, GFP_QUIET));
}

static void by_pool(struct unit *unit, struct object *object)
{
	mempool_free(object, unit->mempool);
}

static void free_pool(struct unit *unit)
{
	give_back(unit, by_pool);
	mempool_destroy(unit->mempool);
	kmem_cache_destroy(unit->cache);
}

static int alloc_pool(struct unit *unit)
{
	if (make_cache(unit))
		return -ENOMEM;
	unit->mempool = mempool_create_slab_pool(1, unit->cache);
	if (unit->mempool)
		return alloc_each(unit, pgtag_test_object_pool, free_pool);
	kmem_cache_destroy(unit->cache);
	return -ENOMEM;
}

/* For each CPU; where they are stands in an object. */

static noinline __used void __percpu *pgtag_test_object_percpu(void)
{
	return __alloc_percpu_gfp(64, 8, GFP_QUIET);
}

static void free_percpu_areas(struct unit *unit)
{
	void __percpu **areas = unit->addr;
	unsigned int i;

	for (i = 0; i < unit->arg; i++)
		free_percpu(areas[i]);
	kfree(areas);
}

static int alloc_percpu_areas(struct unit *unit)
{
	void __percpu **areas = kcalloc(unit->arg, sizeof(*areas), GFP_QUIET);
	unsigned int i;

	if (!areas)
		return -ENOMEM;
	unit->addr = areas;
	for (i = 0; i < unit->arg; i++) {
		areas[i] = pgtag_test_object_percpu();
		if (!areas[i]) {
			free_percpu_areas(unit);
			return -ENOMEM;
		}
	}
	return 0;
}

/* Where nothing sleeps in it. */
#ifndef CONFIG_PREEMPT_RT
static noinline __used int pgtag_test_object_burst(struct unit *unit)
{
	return chain(unit, kmalloc(SZ_4K, GFP_NOWAIT | __GFP_NOWARN));
}

static int burst(struct unit *unit)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < unit->arg && !err; i++)
		err = pgtag_test_object_burst(unit);
	return err;
}

/* While no other task comes to this CPU. */
static int alloc_burst(struct unit *unit)
{
	int err;

	preempt_disable();
	err = burst(unit);
	preempt_enable();
	if (err)
		free_kfree(unit);
	return err;
}

/* And no interrupt. */
static int alloc_burst_irqs_off(struct unit *unit)
{
	int err;

	local_irq_disable();
	err = burst(unit);
	local_irq_enable();
	if (err)
		free_kfree(unit);
	return err;
}
#endif

struct test_case object_cases[] = {
	{ "object_kmalloc", 50, alloc_kmalloc, free_kfree },
	{ "object_rcu", 50, alloc_rcu, free_kfree_rcu },
	{ "object_node", 50, alloc_node, free_kfree },
	{ "object_variable", 50, alloc_variable, free_kfree_sensitive },
	{ "object_realloc", 50, alloc_realloc, free_kfree },
	{ "object_memdup", 50, alloc_memdup, free_kfree },
	{ "object_kvmalloc", 50, alloc_kvmalloc, free_kvfree },
#ifdef kmalloc_nolock
	{ "object_nolock", 50, alloc_nolock, free_kfree_nolock },
#endif
	{ "object_cache", 50, alloc_cache, free_cache },
	{ "object_cache_node", 50, alloc_cache_node, free_cache },
	{ "object_bulk", 50, alloc_bulk, free_bulk },
	{ "object_pool", 50, alloc_pool, free_pool },
#ifndef CONFIG_PREEMPT_RT
	{ "object_burst", 2700, alloc_burst, free_kfree },
	{ "object_burst_irqs_off", 2700, alloc_burst_irqs_off, free_kfree },
#endif
	{ "object_percpu", 50, alloc_percpu_areas, free_percpu_areas },
	{}
};
