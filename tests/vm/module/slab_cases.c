// SPDX-License-Identifier: GPL-2.0
/*
 * Objects of 64 bytes, @arg of them a unit, which make slabs grow; see cases.c for
 * how the functions are to be. The first word of an object leads to the next one.
 */
#include <linux/slab.h>
#include <linux/string.h>

#include "slab_cases.h"

#define OBJECT_SIZE	64
#define AT_ONCE		16	/* objects in bulk */

static int chain_or_error(struct unit *unit, void *object)
{
	if (!object)
		return -ENOMEM;
	*(void **)object = unit->addr;
	unit->addr = object;
	return 0;
}

static void *unchain(struct unit *unit)
{
	void *object = unit->addr;

	if (object)
		unit->addr = *(void **)object;
	return object;
}

static void free_objects(struct unit *unit)
{
	void *object;

	while ((object = unchain(unit)))
		kfree(object);
}

static noinline __used int pgtag_test_kmalloc_64(struct unit *unit)
{
	return chain_or_error(unit, kmalloc(OBJECT_SIZE, GFP_QUIET));
}

/* One of the functions that call kmalloc() for somebody. */
static noinline __used int pgtag_test_kstrdup(struct unit *unit)
{
	char text[OBJECT_SIZE];

	memset(text, 'x', OBJECT_SIZE - 1);
	text[OBJECT_SIZE - 1] = '\0';
	return chain_or_error(unit, kstrdup(text, GFP_QUIET));
}

static int alloc_objects(struct unit *unit, int (*alloc)(struct unit *unit))
{
	unsigned int i;

	for (i = 0; i < unit->arg; i++) {
		if (alloc(unit)) {
			free_objects(unit);
			return -ENOMEM;
		}
	}
	return 0;
}

static int alloc_kmalloc_64(struct unit *unit)
{
	return alloc_objects(unit, pgtag_test_kmalloc_64);
}

static int alloc_kstrdup(struct unit *unit)
{
	return alloc_objects(unit, pgtag_test_kstrdup);
}

/*
 * A cache that nobody else uses, so that all its slabs are of one site. With a
 * constructor it is not made one with another.
 */

static void construct(void *object)
{
}

static int make_cache(struct unit *unit)
{
	static unsigned int made;	/* under the control file's lock */
	char name[32];

	snprintf(name, sizeof(name), "pgtag_cache%u", made++);
	unit->cache = kmem_cache_create(name, OBJECT_SIZE, 0, 0, construct);
	return unit->cache ? 0 : -ENOMEM;
}

static void free_cache(struct unit *unit)
{
	void *object;

	while ((object = unchain(unit)))
		kmem_cache_free(unit->cache, object);
	kmem_cache_destroy(unit->cache);
}

static noinline __used int pgtag_test_cache_alloc(struct unit *unit)
{
	unsigned int i;

	for (i = 0; i < unit->arg; i++) {
		if (chain_or_error(unit, kmem_cache_alloc(unit->cache, GFP_QUIET)))
			return -ENOMEM;
	}
	return 0;
}

static noinline __used int pgtag_test_cache_bulk(struct unit *unit)
{
	void *object[AT_ONCE];
	unsigned int i, j;

	for (i = 0; i < unit->arg; i += AT_ONCE) {
		if (!kmem_cache_alloc_bulk(unit->cache, GFP_QUIET, AT_ONCE, object))
			return -ENOMEM;
		for (j = 0; j < AT_ONCE; j++)
			chain_or_error(unit, object[j]);
	}
	return 0;
}

static int with_cache(struct unit *unit, int (*alloc)(struct unit *unit))
{
	int err = make_cache(unit);

	if (err)
		return err;
	err = alloc(unit);
	if (err)
		free_cache(unit);
	return err;
}

static int alloc_cache_alloc(struct unit *unit)
{
	return with_cache(unit, pgtag_test_cache_alloc);
}

static int alloc_cache_bulk(struct unit *unit)
{
	return with_cache(unit, pgtag_test_cache_bulk);
}

struct test_case slab_cases[] = {
	{ "kmalloc_64", 64, alloc_kmalloc_64, free_objects },
	{ "kstrdup", 64, alloc_kstrdup, free_objects },
	{ "cache_alloc", 64, alloc_cache_alloc, free_cache },
	{ "cache_bulk", 64, alloc_cache_bulk, free_cache },
	{}
};
