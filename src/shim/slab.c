// SPDX-License-Identifier: GPL-2.0
/*
 * Where the slab allocator has what it does not tell, see slab.h.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/printk.h>

#include "slab.h"

/* A cache that is no other's: so large are its objects, and so large with padding. */
#define OBJECT_SIZE	1000U
#define ALIGN_TO	512U

/* Longer than the part of struct kmem_cache in which the two sizes are. */
#define REACH		128U

size_t pgtag_cache_size_at __read_mostly;
size_t pgtag_slab_cache_at __read_mostly;

/* A cache with a constructor is not merged with others. */
static void construct(void *object)
{
}

/* The size with what was added comes right before the one without. */
static bool find_size(const struct kmem_cache *cache)
{
	const unsigned int *word = (const unsigned int *)cache;
	size_t i;

	for (i = 0; i < REACH / sizeof(*word); i++) {
		if (word[i + 1] == OBJECT_SIZE && word[i] >= 2 * ALIGN_TO &&
		    word[i] < PAGE_SIZE && IS_ALIGNED(word[i], ALIGN_TO)) {
			pgtag_cache_size_at = i * sizeof(*word);
			return true;
		}
	}
	return false;
}

static bool find_cache(const struct kmem_cache *cache, const void *object)
{
	const void * const *word = (const void * const *)virt_to_head_page(object);
	size_t i;

	for (i = 0; i < sizeof(struct page) / sizeof(*word); i++) {
		if (word[i] == cache) {
			pgtag_slab_cache_at = i * sizeof(*word);
			return true;
		}
	}
	return false;
}

/**
 * pgtag_slab_learn - find what this header's functions need
 *
 * Context: process context, may sleep.
 * Return: 0, -ENOMEM, or -ENODEV, explained in the log, if this kernel's slab
 * allocator is not one that is known.
 */
int pgtag_slab_learn(void)
{
	struct kmem_cache *cache = kmem_cache_create("pgtag_learn", OBJECT_SIZE, ALIGN_TO,
						     0, construct);
	void *object = cache ? kmem_cache_alloc(cache, GFP_KERNEL) : NULL;
	int ret = -ENOMEM;

	if (object)
		ret = find_size(cache) && find_cache(cache, object) ? 0 : -ENODEV;
	if (ret == -ENODEV)
		pr_err("slab=objects: this kernel's slab allocator is not known\n");
	if (object)
		kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
	return ret;
}
