// SPDX-License-Identifier: GPL-2.0
/*
 * The allocator API by name: the functions that allocate pages on behalf of
 * their caller. From 6.10 on the kernel marks them itself: what its
 * alloc_hooks() wraps ends in _noprof. The table has the helpers between
 * those, and the names the same functions had before. Plain C, unit tested.
 */
#include <pgtag/names.h>

/* One list for all kernel versions, in strcmp() order. */
static const char * const api_names[] = {
	"___kmalloc_large_node",
	"__alloc_contig_pages",
	"__alloc_pages",
	"__alloc_pages_bulk",
	"__alloc_workqueue",
	"__do_kmalloc_node",
	"__do_krealloc",
	"__do_trace_mm_page_alloc",
	"__folio_alloc",
	"__get_free_pages",
	"__kmalloc",
	"__kmalloc_large_node",
	"__kmalloc_node",
	"__kmalloc_node_track_caller",
	"__kmalloc_track_caller",
	"__traceiter_mm_page_alloc",
	"__vcalloc",
	"__vmalloc",
	"__vmalloc_area_node",
	"__vmalloc_array",
	"__vmalloc_node",
	"__vmalloc_node_range",
	"alloc_contig_frozen_pages",
	"alloc_contig_frozen_range",
	"alloc_contig_pages",
	"alloc_contig_range",
	"alloc_frozen_pages_nolock",
	"alloc_page_interleave",
	"alloc_pages",
	"alloc_pages_bulk_array_interleave",
	"alloc_pages_bulk_array_mempolicy",
	"alloc_pages_bulk_array_preferred_many",
	"alloc_pages_bulk_interleave",
	"alloc_pages_bulk_preferred_many",
	"alloc_pages_bulk_weighted_interleave",
	"alloc_pages_exact",
	"alloc_pages_exact_nid",
	"alloc_pages_mpol",
	"alloc_pages_preferred_many",
	"bucket_table_alloc",
	"filemap_alloc_folio",
	"folio_alloc",
	"get_zeroed_page",
	"kmalloc_large",
	"kmalloc_large_node",
	"kmemdup",
	"krealloc",
	"kvmalloc_node",
	"kvmemdup",
	"kvrealloc",
	"mempool_alloc",
	"mempool_alloc_from_pool",
	"mempool_alloc_pages",
	"mempool_create_node",
	"mempool_init",
	"mempool_init_node",
	"mempool_kmalloc",
	"nested_bucket_table_alloc",
	"nested_table_alloc",
	"pcpu_alloc",
	"rhashtable_init",
	"rhltable_init",
	"trace_mm_page_alloc",
	"vcalloc",
	"vm_area_alloc_pages",
	"vma_alloc_folio",
	"vmalloc",
	"vmalloc_32",
	"vmalloc_32_user",
	"vmalloc_array",
	"vmalloc_huge",
	"vmalloc_node",
	"vmalloc_user",
	"vzalloc",
	"vzalloc_node",
};

/*
 * The slab allocator: what stands between the page allocator and whoever wants an
 * object, and makes the slabs grow by that. Strings and copies that are made for
 * somebody are among it, and what the memory cgroups keep for each object. Not
 * among it is what the allocator has for itself, per-CPU caches of objects
 * (__alloc_empty_sheaf()): those that free objects need them as well. One list for
 * all kernel versions, in strcmp() order.
 */
static const char * const slab_names[] = {
	"__do_trace_kmalloc",
	"__do_trace_kmem_cache_alloc",
	"__kmem_cache_alloc_bulk",
	"__kmem_cache_alloc_lru",
	"__kmem_cache_alloc_node",
	"__traceiter_kmalloc",
	"__traceiter_kmem_cache_alloc",
	"kasprintf",
	"kasprintf_strarray",
	"kcalloc",
	"kcalloc_node",
	"kmalloc",
	"kmalloc_array",
	"kmalloc_array_node",
	"kmalloc_node",
	"kmalloc_node_trace",
	"kmalloc_trace",
	"kmem_cache_alloc",
	"kmem_cache_alloc_bulk",
	"kmem_cache_alloc_lru",
	"kmem_cache_alloc_node",
	"kmem_cache_charge",
	"kmem_cache_prefill_sheaf",
	"kmem_cache_refill_sheaf",
	"kmem_cache_return_sheaf",
	"kmem_cache_zalloc",
	"kmemdup_array",
	"kmemdup_nul",
	"krealloc_array",
	"kstrdup",
	"kstrdup_and_replace",
	"kstrdup_const",
	"kstrdup_quotable",
	"kstrdup_quotable_cmdline",
	"kstrdup_quotable_file",
	"kstrndup",
	"kvasprintf",
	"kvasprintf_const",
	"kzalloc",
	"kzalloc_node",
	"memdup_user",
	"memdup_user_nul",
	"mempool_alloc_slab",
	"mempool_kvmalloc",
	"strndup_user",
	"trace_kmalloc",
	"trace_kmem_cache_alloc",
	"vmemdup_user",
};

/*
 * What makes slabs grow, below those. What it takes for itself, beside the pages, is its
 * own: an object of who wanted one is none of these.
 */
static const char * const slab_inner_names[] = {
	"___slab_alloc",
	"__memcg_slab_post_alloc_hook",
	"__pcs_replace_empty_main",
	"__prefill_sheaf_pfmemalloc",
	"__refill_objects_any",
	"__refill_objects_node",
	"__slab_alloc",
	"__slab_alloc_node",
	"account_slab",
	"alloc_from_pcs",
	"alloc_slab_obj_exts",
	"alloc_slab_page",
	"allocate_slab",
	"memcg_alloc_slab_cgroups",
	"memcg_slab_post_alloc_hook",
	"memcg_slab_post_charge",
	"new_slab",
	"prepare_slab_obj_exts_hook",
	"refill_objects",
	"refill_sheaf",
	"slab_alloc",
	"slab_alloc_node",
	"slab_post_alloc_hook",
};

/* The per-CPU allocator, down to its trace event, in strcmp() order. */
static const char * const percpu_names[] = {
	"__alloc_percpu",
	"__alloc_percpu_gfp",
	"__alloc_reserved_percpu",
	"__do_trace_percpu_alloc_percpu",
	"__traceiter_percpu_alloc_percpu",
};

/**
 * pgtag_name_length - the length of a function's own name in a symbol
 * @symbol: as kallsyms prints it: name, compiler's suffix, offset, module
 *
 * Compilers add suffixes that begin with a dot (.isra.0, .constprop.0,
 * .part.0, .cold); kallsyms adds "+0x<offset>/0x<size> [module]".
 */
size_t pgtag_name_length(const char *symbol)
{
	return strcspn(symbol, ".+ ");
}

/**
 * pgtag_name_same - are these the same function?
 * @symbol: as kallsyms prints it
 * @name: as kallsyms prints it, or less
 */
bool pgtag_name_same(const char *symbol, const char *name)
{
	size_t length = pgtag_name_length(symbol);

	return length == pgtag_name_length(name) &&
	       !strncmp(symbol, name, length);
}

/* strcmp() of the function's name in @symbol with @name */
static int compare(const char *symbol, size_t length, const char *name)
{
	int order = strncmp(symbol, name, length);

	return order ? order : -(int)(unsigned char)name[length];
}

static bool in_table(const char * const *names, size_t nr, const char *symbol,
		     size_t length)
{
	size_t low = 0, high = nr;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = compare(symbol, length, names[middle]);

		if (!order)
			return true;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

static bool of_module(const char *symbol)
{
	return strchr(symbol, '[');
}

/**
 * pgtag_name_is_api - does this function allocate for its caller?
 * @symbol: as kallsyms prints it
 *
 * The API lies in the kernel itself: a module's function of the same name is
 * a call site like any other.
 */
bool pgtag_name_is_api(const char *symbol)
{
	static const char suffix[] = "_noprof";
	const size_t tail = sizeof(suffix) - 1;
	size_t length = pgtag_name_length(symbol);

	if (of_module(symbol))
		return false;
	if (length > tail && !strncmp(symbol + length - tail, suffix, tail))
		return true;
	return in_table(api_names, ARRAY_SIZE(api_names), symbol, length);
}

/**
 * pgtag_name_is_slab - is this function the slab allocator's?
 * @symbol: as kallsyms prints it
 *
 * Those that pgtag_name_is_api() knows anyway may be missing here.
 */
bool pgtag_name_is_slab(const char *symbol)
{
	return !of_module(symbol) &&
	       in_table(slab_names, ARRAY_SIZE(slab_names), symbol,
			pgtag_name_length(symbol));
}

/**
 * pgtag_name_grows_slab - is this where the slab allocator asks for pages?
 * @symbol: as kallsyms prints it
 */
bool pgtag_name_grows_slab(const char *symbol)
{
	return !of_module(symbol) &&
	       in_table(slab_inner_names, ARRAY_SIZE(slab_inner_names), symbol,
			pgtag_name_length(symbol));
}

/**
 * pgtag_name_is_percpu - is this function the per-CPU allocator's?
 * @symbol: as kallsyms prints it
 *
 * Those that pgtag_name_is_api() knows anyway may be missing here.
 */
bool pgtag_name_is_percpu(const char *symbol)
{
	return !of_module(symbol) &&
	       in_table(percpu_names, ARRAY_SIZE(percpu_names), symbol,
			pgtag_name_length(symbol));
}
