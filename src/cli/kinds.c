// SPDX-License-Identifier: GPL-2.0
/*
 * Where all memory is. The kernel counts it by kind (meminfo) and so does this, by the
 * function that a site is in; the module has counted what there was of each kind when
 * it was loaded. Three counts, made apart: where they do not meet, nobody explains it.
 */
#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "kinds.h"
#include "pgtag.h"

/* Whose sites are of which kind, on all kernels from 6.1 on; the rest is other. */
static const struct {
	const char *function;
	enum kind kind;
} owners[] = {
	{ "do_anonymous_page", KIND_ANONYMOUS },
	{ "alloc_anon_folio", KIND_ANONYMOUS },
	{ "vma_alloc_anon_folio_pmd", KIND_ANONYMOUS },
	{ "do_huge_pmd_anonymous_page", KIND_ANONYMOUS },
	{ "do_huge_pmd_wp_page", KIND_ANONYMOUS },
	{ "do_wp_page", KIND_ANONYMOUS },
	{ "wp_page_copy", KIND_ANONYMOUS },
	{ "do_cow_fault", KIND_ANONYMOUS },
	{ "folio_prealloc", KIND_ANONYMOUS },
	{ "page_copy_prealloc", KIND_ANONYMOUS },
	{ "copy_pte_range", KIND_ANONYMOUS },
	{ "copy_present_pte", KIND_ANONYMOUS },
	{ "copy_present_page", KIND_ANONYMOUS },
	{ "do_swap_page", KIND_ANONYMOUS },
	{ "alloc_swap_folio", KIND_ANONYMOUS },
	{ "__alloc_swap_folio", KIND_ANONYMOUS },
	{ "__read_swap_cache_async", KIND_ANONYMOUS },
	{ "__swap_cache_alloc", KIND_ANONYMOUS },
	{ "swap_cache_alloc_folio", KIND_ANONYMOUS },
	{ "collapse_huge_page", KIND_ANONYMOUS },
	{ "alloc_charge_hpage", KIND_ANONYMOUS },
	{ "alloc_charge_folio", KIND_ANONYMOUS },
	{ "hpage_collapse_alloc_folio", KIND_ANONYMOUS },
	{ "ksm_might_need_to_copy", KIND_ANONYMOUS },
	{ "mfill_atomic_pte_copy", KIND_ANONYMOUS },
	{ "mfill_atomic_install_pte", KIND_ANONYMOUS },
	{ "mfill_atomic_pte_zeroed_folio", KIND_ANONYMOUS },
	{ "do_fault", KIND_ANONYMOUS },
	{ "shmem_alloc_folio", KIND_SHMEM },
	{ "shmem_alloc_hugefolio", KIND_SHMEM },
	{ "shmem_alloc_and_acct_folio", KIND_SHMEM },
	{ "shmem_alloc_and_add_folio", KIND_SHMEM },
	{ "shmem_replace_folio", KIND_SHMEM },
	{ "shmem_swapin", KIND_SHMEM },
	{ "shmem_swap_alloc_folio", KIND_SHMEM },
	{ "shmem_get_folio_gfp", KIND_SHMEM },
	{ "__filemap_get_folio", KIND_FILE },
	{ "__filemap_get_folio_mpol", KIND_FILE },
	{ "page_cache_ra_unbounded", KIND_FILE },
	{ "page_cache_ra_order", KIND_FILE },
	{ "ra_alloc_folio", KIND_FILE },
	{ "ractl_alloc_folio", KIND_FILE },
	{ "filemap_create_folio", KIND_FILE },
	{ "filemap_fault", KIND_FILE },
	{ "filemap_get_pages", KIND_FILE },
	{ "do_read_cache_folio", KIND_FILE },
	{ "pagecache_get_page", KIND_FILE },
	{ "readahead_expand", KIND_FILE },
	{ "grow_dev_folio", KIND_FILE },
	{ "grow_dev_page", KIND_FILE },
	{ "__getblk_slow", KIND_FILE },
	{ "btrfs_alloc_page_array", KIND_FILE },
	{ "btrfs_alloc_folio_array", KIND_FILE },
	{ "add_ra_bio_pages", KIND_FILE },
	{ "do_sync_mmap_readahead", KIND_FILE },
	{ "dax_load_hole", KIND_FILE },
	{ "allocate_slab", KIND_SLAB },
	{ "alloc_slab_page", KIND_SLAB },
	{ "new_slab", KIND_SLAB },
	{ "___slab_alloc", KIND_SLAB },
	{ "__slab_alloc", KIND_SLAB },
	{ "refill_objects", KIND_SLAB },
	{ "cache_grow_begin", KIND_SLAB },
	{ "kmem_getpages", KIND_SLAB },
	{ "pte_alloc_one", KIND_PAGE_TABLES },
	{ "pte_alloc_one_kernel", KIND_PAGE_TABLES },
	{ "__pte_alloc", KIND_PAGE_TABLES },
	{ "__pte_alloc_one", KIND_PAGE_TABLES },
	{ "__pte_alloc_one_kernel", KIND_PAGE_TABLES },
	{ "__pmd_alloc", KIND_PAGE_TABLES },
	{ "pmd_alloc_one", KIND_PAGE_TABLES },
	{ "__pud_alloc", KIND_PAGE_TABLES },
	{ "pud_alloc_one", KIND_PAGE_TABLES },
	{ "__p4d_alloc", KIND_PAGE_TABLES },
	{ "p4d_alloc_one", KIND_PAGE_TABLES },
	{ "pgd_alloc", KIND_PAGE_TABLES },
	{ "_pgd_alloc", KIND_PAGE_TABLES },
	{ "__pgd_alloc", KIND_PAGE_TABLES },
	{ "preallocate_pmds", KIND_PAGE_TABLES },
	{ "alloc_new_pud", KIND_PAGE_TABLES },
	{ "get_pte_fn", KIND_PAGE_TABLES },
	{ "copy_process", KIND_STACKS },
	{ "dup_task_struct", KIND_STACKS },
	{ "alloc_thread_stack_node", KIND_STACKS },
	{ "pcpu_alloc_pages", KIND_PERCPU },
	{ "pcpu_populate_chunk", KIND_PERCPU },
	{ "pcpu_alloc", KIND_PERCPU },
	{ "pcpu_balance_populated", KIND_PERCPU },
	{ "pcpu_balance_workfn", KIND_PERCPU },
	{ "pcpu_create_chunk", KIND_PERCPU },
	{ "pcpu_mem_zalloc", KIND_PERCPU },
	{ "alloc_buddy_hugetlb_folio", KIND_HUGETLB },
	{ "alloc_buddy_frozen_folio", KIND_HUGETLB },
	{ "alloc_buddy_huge_page", KIND_HUGETLB },
	{ "alloc_gigantic_folio", KIND_HUGETLB },
	{ "alloc_gigantic_page", KIND_HUGETLB },
	{ "alloc_fresh_hugetlb_folio", KIND_HUGETLB },
	{ "alloc_fresh_huge_page", KIND_HUGETLB },
	{ "only_alloc_fresh_hugetlb_folio", KIND_HUGETLB },
	{ "alloc_pool_huge_page", KIND_HUGETLB },
	{ "alloc_pool_huge_folio", KIND_HUGETLB },
	{ "__alloc_fresh_hugetlb_folio", KIND_HUGETLB },
	{ "alloc_surplus_hugetlb_folio", KIND_HUGETLB },
	{ "hugetlb_cma_alloc_folio", KIND_HUGETLB },
	{ "hugetlb_cma_alloc_frozen_folio", KIND_HUGETLB },
};

static const char * const names[] = {
	[KIND_ANONYMOUS] = "anonymous",
	[KIND_SHMEM] = "shared, tmpfs",
	[KIND_FILE] = "page cache",
	[KIND_SLAB] = "slab",
	[KIND_PAGE_TABLES] = "page tables",
	[KIND_STACKS] = "kernel stacks",
	[KIND_PERCPU] = "per CPU",
	[KIND_HUGETLB] = "hugetlb",
	[KIND_OTHER] = "other",
	[KIND_OBJECTS] = "objects",
};

/**
 * kind_name - a kind in words
 * @kind: which
 */
const char *kind_name(enum kind kind)
{
	return names[kind];
}

static bool is_named(const struct site *site, const char *function)
{
	return !strncmp(function, site->function, site->function_length) &&
	       !function[site->function_length];
}

/**
 * site_kind - what a site's memory is for
 * @site: by the function it is in
 */
enum kind site_kind(const struct site *site)
{
	size_t i;

	if (site_has_objects(site))
		return KIND_OBJECTS;
	for (i = 0; !*site->module && i < ARRAY_SIZE(owners); i++) {
		if (is_named(site, owners[i].function))
			return owners[i].kind;
	}
	return KIND_OTHER;
}

/* khugepaged takes huge pages by the same function for processes and for files. */
static bool is_collapsed(const struct site *site)
{
	return !*site->module && (is_named(site, "alloc_charge_folio") ||
				  is_named(site, "alloc_charge_hpage"));
}

static long long meminfo_bytes(const char *meminfo, const char *key)
{
	unsigned long long bytes = 0;

	key_bytes(meminfo, key, &bytes);
	return bytes;
}

/* As the kernel counts; what it has no line for is what is left over. */
static void take_sizes(struct memory *memory, const char *meminfo)
{
	struct kind_sum *kinds = memory->kinds;
	long long shmem = meminfo_bytes(meminfo, "Shmem");
	long long left = memory->total - memory->free;
	int i;

	kinds[KIND_ANONYMOUS].size = meminfo_bytes(meminfo, "AnonPages");
	kinds[KIND_SHMEM].size = shmem;
	/* Shared memory is in Cached, and pages of the swap cache are in AnonPages. */
	kinds[KIND_FILE].size = meminfo_bytes(meminfo, "Cached") - shmem +
				meminfo_bytes(meminfo, "Buffers");
	kinds[KIND_SLAB].size = meminfo_bytes(meminfo, "Slab");
	kinds[KIND_PAGE_TABLES].size = meminfo_bytes(meminfo, "PageTables") +
				       meminfo_bytes(meminfo, "SecPageTables");
	kinds[KIND_STACKS].size = meminfo_bytes(meminfo, "KernelStack");
	kinds[KIND_PERCPU].size = meminfo_bytes(meminfo, "Percpu");
	kinds[KIND_HUGETLB].size = meminfo_bytes(meminfo, "Hugetlb");
	for (i = 0; i < KIND_OTHER; i++)
		left -= kinds[i].size;
	kinds[KIND_OTHER].size = left;
}

/* So many bytes, but no more than there can be, are of another kind. Returns how many. */
static long long move_huge(struct kind_sum *kinds, long long bytes, enum kind to,
			   long long there)
{
	if (bytes > there)
		bytes = there;
	kinds[KIND_ANONYMOUS].tagged -= bytes;
	kinds[to].tagged += bytes;
	return bytes;
}

/* Of what was collapsed, processes have no more than makes all that is theirs. */
static void share_collapsed(struct kind_sum *kinds, const char *meminfo,
			    long long collapsed)
{
	long long more = kinds[KIND_ANONYMOUS].tagged - kinds[KIND_ANONYMOUS].size;

	if (more > collapsed)
		more = collapsed;
	if (more <= 0)
		return;
	more -= move_huge(kinds, more, KIND_FILE,
			  meminfo_bytes(meminfo, "FileHugePages"));
	move_huge(kinds, more, KIND_SHMEM, meminfo_bytes(meminfo, "ShmemHugePages"));
}

/* What there was at the load, and as much of it as can be there yet. */
static void take_before(struct kind_sum *kinds, enum kind kind, long long then)
{
	struct kind_sum *sum = &kinds[kind];
	long long left = sum->size - sum->tagged;

	if (left > 0)
		sum->before = left < then ? left : then;
}

static void take_inventory(struct memory *memory, const char *status)
{
	static const enum kind others[] = {
		KIND_STACKS, KIND_PERCPU, KIND_HUGETLB, KIND_OTHER,
	};
	struct kind_sum *kinds = memory->kinds;
	long long file = meminfo_bytes(status, "at start file bytes");
	long long rest = meminfo_bytes(status, "at start other bytes");
	size_t i;

	take_before(kinds, KIND_ANONYMOUS, meminfo_bytes(status, "at start anonymous bytes"));
	take_before(kinds, KIND_SLAB, meminfo_bytes(status, "at start slab bytes"));
	take_before(kinds, KIND_PAGE_TABLES,
		    meminfo_bytes(status, "at start page table bytes"));
	/* Pages of files and of tmpfs were counted together, */
	take_before(kinds, KIND_SHMEM, file);
	take_before(kinds, KIND_FILE, file - kinds[KIND_SHMEM].before);
	/* and what the memory map does not tell, too. */
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		take_before(kinds, others[i], rest);
		rest -= kinds[others[i]].before;
	}
}

/*
 * The largest object that kmalloc() takes from a slab is of two pages; what is larger
 * has pages of its own.
 */
static bool as_objects_are(const struct site *site)
{
	return site->bytes > 0 &&
	       (unsigned long long)site->bytes <= 2 * PAGE * site->calls;
}

/**
 * memory_account - find where all memory is
 * @memory: result
 * @info: the sites
 * @snapshot: what is known beside them
 *
 * Return: false if that is not enough: there is no meminfo.
 */
bool memory_account(struct memory *memory, const struct allocinfo *info,
		    const struct snapshot *snapshot)
{
	long long collapsed = 0;
	enum kind kind;
	bool told;
	size_t i;

	memset(memory, 0, sizeof(*memory));
	memory->total = meminfo_bytes(snapshot->meminfo, "MemTotal");
	if (!memory->total)
		return false;
	told = snapshot->status && *snapshot->status;
	memory->free = meminfo_bytes(snapshot->meminfo, "MemFree") +
		       snapshot->waiting;
	take_sizes(memory, snapshot->meminfo);
	for (i = 0; i < info->nr; i++) {
		kind = site_kind(&info->sites[i]);
		if (kind != KIND_OBJECTS)
			memory->kinds[kind].tagged += info->sites[i].bytes;
		if (is_collapsed(&info->sites[i]))
			collapsed += info->sites[i].bytes;
		if (!told && kind == KIND_OTHER && as_objects_are(&info->sites[i]))
			memory->doubtful += info->sites[i].bytes;
	}
	share_collapsed(memory->kinds, snapshot->meminfo, collapsed);
	take_inventory(memory, snapshot->status);
	return true;
}

/**
 * memory_sum - all kinds together
 * @memory: accounted
 *
 * Return: of which the size is all there is.
 */
struct kind_sum memory_sum(const struct memory *memory)
{
	struct kind_sum all = { .size = memory->total };
	int i;

	for (i = 0; i < NR_KINDS; i++) {
		all.tagged += memory->kinds[i].tagged;
		all.before += memory->kinds[i].before;
	}
	return all;
}

/**
 * memory_unexplained - by how much the parts do not add up to all of memory
 * @memory: accounted
 */
long long memory_unexplained(const struct memory *memory)
{
	struct kind_sum all = memory_sum(memory);

	return kind_unexplained(&all) - memory->free;
}
