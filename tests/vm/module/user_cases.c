// SPDX-License-Identifier: GPL-2.0
/*
 * Allocators that are built on pages, and so their users; see cases.c for how the
 * functions are to be.
 */
#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "cases.h"
#include "user_cases.h"

/* dma_alloc_coherent() wants a device, any device. */
static struct platform_device *device;

/* @arg is the number of pages. */

static noinline __used int pgtag_test_vmalloc(struct unit *unit)
{
	return addr_or_error(unit, vmalloc(unit->arg * PAGE_SIZE));
}

static noinline __used int pgtag_test_vzalloc(struct unit *unit)
{
	return addr_or_error(unit, vzalloc(unit->arg * PAGE_SIZE));
}

static noinline __used int pgtag_test_kvmalloc(struct unit *unit)
{
	return addr_or_error(unit, kvmalloc(unit->arg * PAGE_SIZE, GFP_QUIET));
}

static void free_vmalloc(struct unit *unit)
{
	kvfree(unit->addr);
}

/* A size the compiler knows takes another way than one it does not. */
static noinline __used int pgtag_test_kmalloc(struct unit *unit)
{
	return addr_or_error(unit, kmalloc(3 * PAGE_SIZE, GFP_QUIET));
}

static noinline __used int pgtag_test_kmalloc_size(struct unit *unit)
{
	return addr_or_error(unit, kmalloc(unit->arg * PAGE_SIZE, GFP_QUIET));
}

static noinline __used int pgtag_test_kmalloc_node(struct unit *unit)
{
	return addr_or_error(unit, kmalloc_node(unit->arg * PAGE_SIZE,
						GFP_QUIET, numa_mem_id()));
}

static void free_kmalloc(struct unit *unit)
{
	kfree(unit->addr);
}

static noinline __used int pgtag_test_page_frag(struct unit *unit)
{
	return addr_or_error(unit, page_frag_alloc(&unit->frag, 2000,
						   GFP_QUIET));
}

static void free_page_frag(struct unit *unit)
{
	page_frag_free(unit->addr);
	drain_frags(&unit->frag);
}

/*
 * A pool of pages for a network driver, @arg of them in use. They are allocated
 * in bulk, at a site of the pool's own.
 */

static void free_page_pool(struct unit *unit)
{
	int i;

	for (i = 0; i < BULK_PAGES && unit->array[i]; i++)
		page_pool_put_full_page(unit->pool, unit->array[i], false);
	page_pool_destroy(unit->pool);
}

static noinline __used int pgtag_test_page_pool(struct unit *unit)
{
	const struct page_pool_params params = {
		.pool_size = BULK_PAGES,
		.nid = NUMA_NO_NODE,
	};
	unsigned int i;

	unit->pool = page_pool_create(&params);
	if (IS_ERR(unit->pool))
		return PTR_ERR(unit->pool);
	for (i = 0; i < unit->arg; i++) {
		unit->array[i] = page_pool_alloc_pages(unit->pool, GFP_QUIET);
		if (!unit->array[i]) {
			free_page_pool(unit);
			return -ENOMEM;
		}
	}
	return 0;
}

static noinline __used int pgtag_test_dma_coherent(struct unit *unit)
{
	return addr_or_error(unit, dma_alloc_coherent(&device->dev,
						      unit->arg * PAGE_SIZE,
						      &unit->dma, GFP_QUIET));
}

static void free_dma_coherent(struct unit *unit)
{
	dma_free_coherent(&device->dev, unit->arg * PAGE_SIZE, unit->addr,
			  unit->dma);
}

/* The largest there is, so that chunks fill up soon. */
static noinline __used int pgtag_test_percpu(struct unit *unit)
{
	unit->percpu = __alloc_percpu(PCPU_MIN_UNIT_SIZE, PAGE_SIZE);
	return unit->percpu ? 0 : -ENOMEM;
}

static void free_percpu_unit(struct unit *unit)
{
	free_percpu(unit->percpu);
}

struct test_case user_cases[] = {
	{ "vmalloc", 512, pgtag_test_vmalloc, free_vmalloc },
	{ "vzalloc", 512, pgtag_test_vzalloc, free_vmalloc },
	{ "kvmalloc", 1536, pgtag_test_kvmalloc, free_vmalloc },
	{ "kmalloc", 3, pgtag_test_kmalloc, free_kmalloc },
	{ "kmalloc_size", 3, pgtag_test_kmalloc_size, free_kmalloc },
	{ "kmalloc_node", 3, pgtag_test_kmalloc_node, free_kmalloc },
	{ "page_frag", 0, pgtag_test_page_frag, free_page_frag },
	{ "page_pool", BULK_PAGES, pgtag_test_page_pool, free_page_pool },
	{ "dma_coherent", 3, pgtag_test_dma_coherent, free_dma_coherent },
	{ "percpu", 0, pgtag_test_percpu, free_percpu_unit },
	{}
};

/**
 * init_user_cases() - make these cases ready to allocate
 *
 * Return: 0, or an errno where the device that one of them needs cannot be had.
 */
int init_user_cases(void)
{
	int err;

	device = platform_device_register_simple("pgtag_test",
						 PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(device))
		return PTR_ERR(device);

	err = dma_coerce_mask_and_coherent(&device->dev, DMA_BIT_MASK(64));
	if (err)
		platform_device_unregister(device);
	return err;
}

/**
 * exit_user_cases() - counterpart of init_user_cases(), all units are freed before
 */
void exit_user_cases(void)
{
	platform_device_unregister(device);
}
