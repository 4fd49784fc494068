// SPDX-License-Identifier: GPL-2.0
/*
 * Sets of helpers that hide their callers: functions that allocate pages or objects
 * for somebody, and of which their own name says little. None of them decides by
 * itself that memory is used; where a set ends, the name says what it was used for.
 * Names of all kernel versions together. Plain C, unit tested.
 */
#include <pgtag/presets.h>

static const char * const net[] = {
	"__alloc_skb",
	"__build_skb",
	"__napi_alloc_frag_align",
	"__napi_alloc_skb",
	"__napi_build_skb",
	"__netdev_alloc_frag_align",
	"__netdev_alloc_skb",
	"__page_frag_alloc_align",
	"__page_frag_cache_refill",
	"__page_pool_alloc_netmems_slow",
	"__page_pool_alloc_page_order",
	"__page_pool_alloc_pages_slow",
	"__pskb_copy_fclone",
	"alloc_skb_for_msg",
	"alloc_skb_with_frags",
	"build_skb",
	"kmalloc_pfmemalloc",
	"kmalloc_reserve",
	"napi_alloc_skb",
	"napi_build_skb",
	"napi_skb_cache_get",
	"page_frag_alloc_align",
	"page_pool_alloc_frag",
	"page_pool_alloc_frag_netmem",
	"page_pool_alloc_netmems",
	"page_pool_alloc_pages",
	"pskb_expand_head",
	"sk_page_frag_refill",
	"skb_clone",
	"skb_copy",
	"skb_copy_expand",
	"skb_page_frag_refill",
	"slab_build_skb",
	"sock_alloc_send_pskb",
	"sock_wmalloc",
	"tcp_stream_alloc_skb",
};

static const char * const fault[] = {
	"__alloc_swap_folio",
	"__read_swap_cache_async",
	"__swap_cache_alloc",
	"alloc_anon_folio",
	"alloc_charge_folio",
	"alloc_charge_hpage",
	"alloc_swap_folio",
	"folio_prealloc",
	"hpage_collapse_alloc_page",
	"page_copy_prealloc",
	"read_swap_cache_async",
	"swap_cache_alloc_folio",
	"swap_cluster_readahead",
	"swap_vma_readahead",
	"swapin_readahead",
	"swapin_sync",
	"vma_alloc_anon_folio_pmd",
	"vma_alloc_zeroed_movable_folio",
};

static const char * const shmem[] = {
	"shmem_alloc_and_acct_folio",
	"shmem_alloc_and_add_folio",
	"shmem_alloc_folio",
	"shmem_alloc_hugefolio",
	"shmem_get_folio",
	"shmem_get_folio_gfp",
	"shmem_read_folio_gfp",
	"shmem_read_mapping_page_gfp",
	"shmem_swap_alloc_folio",
	"shmem_swapin",
	"shmem_swapin_cluster",
	"shmem_swapin_folio",
};

static const char * const pagetable[] = {
	"__get_locked_pte",
	"__p4d_alloc",
	"__pmd_alloc",
	"__pte_alloc",
	"__pte_alloc_kernel",
	"__pte_alloc_one",
	"__pud_alloc",
	"_pgd_alloc",
	"get_locked_pte",
	"mm_init",
	"p4d_alloc",
	"pgd_alloc",
	"pmd_alloc",
	"pmd_alloc_one",
	"preallocate_pmds",
	"pte_alloc_one",
	"pte_alloc_one_kernel",
	"pud_alloc",
	"pud_alloc_one",
};

static const char * const file[] = {
	"__bread_gfp",
	"__filemap_get_folio",
	"__filemap_get_folio_mpol",
	"__getblk_gfp",
	"__getblk_slow",
	"bdev_getblk",
	"block_write_begin",
	"do_async_mmap_readahead",
	"do_page_cache_ra",
	"do_read_cache_folio",
	"do_read_cache_page",
	"do_sync_mmap_readahead",
	"filemap_create_folio",
	"filemap_get_pages",
	"force_page_cache_ra",
	"grab_cache_page_write_begin",
	"grow_dev_folio",
	"grow_dev_page",
	"mapping_read_folio_gfp",
	"ondemand_readahead",
	"page_cache_async_ra",
	"page_cache_async_readahead",
	"page_cache_ra_order",
	"page_cache_ra_unbounded",
	"page_cache_sync_ra",
	"page_cache_sync_readahead",
	"pagecache_get_page",
	"ra_alloc_folio",
	"ractl_alloc_folio",
	"read_cache_folio",
	"read_cache_page",
	"read_cache_page_gfp",
};

#define FUNCTIONS(array)	{ array, ARRAY_SIZE(array) }

static const struct pgtag_preset presets[] = {
	{ "net",
	  "buffers of the network: the protocol or driver that wanted one",
	  FUNCTIONS(net) },
	{ "fault",
	  "memory of processes: first touch, copy on write, fork, swap or collapse",
	  FUNCTIONS(fault) },
	{ "shmem",
	  "tmpfs and shared memory: a write, a fault, fallocate or a driver",
	  FUNCTIONS(shmem) },
	{ "pagetable",
	  "page tables: a fault, fork, exec or a mapping of the kernel's own",
	  FUNCTIONS(pagetable) },
	{ "file",
	  "the page cache: a read, a mapping that was touched, or the file system",
	  FUNCTIONS(file) },
};

/**
 * pgtag_preset_at - the presets, one by one
 * @i: from 0 on
 *
 * Return: a preset, or NULL after the last one.
 */
const struct pgtag_preset *pgtag_preset_at(unsigned int i)
{
	return i < ARRAY_SIZE(presets) ? &presets[i] : NULL;
}

/**
 * pgtag_preset_find - the preset of a name
 * @name: its name
 *
 * Return: the preset, or NULL if it is none of %PGTAG_PRESET_LIST.
 */
const struct pgtag_preset *pgtag_preset_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(presets); i++) {
		if (!strcmp(presets[i].name, name))
			return &presets[i];
	}
	return NULL;
}
