/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs between the kernels the test modules are built for. Everything
 * else in this directory is the same source for all of them.
 */
#ifndef PGTAG_TEST_COMPAT_H
#define PGTAG_TEST_COMPAT_H

#include <linux/gfp.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/shrinker.h>
#include <linux/timex.h>

#if __has_include("linux/page_frag_cache.h")
#include <linux/page_frag_cache.h>
#define HAVE_PAGE_FRAG_CACHE_H
#endif

#if __has_include("net/page_pool.h")
#include <net/page_pool.h>
#else
#include <net/page_pool/helpers.h>
#endif

/*
 * Tells objtool that a function calls by pointer without a check, as __nocfi has it; older
 * kernels' does not ask.
 */
#if __has_include("linux/annotate.h")
#include <linux/annotate.h>
#endif
#ifndef ANNOTATE_NOCFI_SYM
#define ANNOTATE_NOCFI_SYM(function)	static_assert(__same_type(function, function))
#endif

/* The largest order alloc_pages() takes. */
#ifdef MAX_PAGE_ORDER
#define LARGEST_ORDER MAX_PAGE_ORDER
#else
#define LARGEST_ORDER (MAX_ORDER - 1)
#endif

/* page->flags is a word, or since 6.18 a structure of one word. */
#define page_flags_word(page) READ_ONCE(*(unsigned long *)&(page)->flags)

/* The bulk allocator lost its list form, the array form then lost its suffix. */
#ifdef alloc_pages_bulk
#define bulk_to_array(gfp, nr, array) alloc_pages_bulk(gfp, nr, array)
#else
#define bulk_to_array(gfp, nr, array) alloc_pages_bulk_array(gfp, nr, array)
#define bulk_to_list(gfp, nr, list) alloc_pages_bulk_list(gfp, nr, list)
#endif

/* alloc_contig_range() took the migrate type of the range, now it takes flags. */
#ifdef ACR_FLAGS_NONE
#define contig_range(start, end, gfp) \
	alloc_contig_range(start, end, ACR_FLAGS_NONE, gfp)
#else
#define contig_range(start, end, gfp) \
	alloc_contig_range(start, end, MIGRATE_MOVABLE, gfp)
#endif

/* The allocator that takes no lock came with its macro. */
#ifdef alloc_pages_nolock
#define pages_nolock(nid, order) alloc_pages_nolock(0, nid, order)
#endif

/*
 * page_frag_cache_drain() is younger than 6.1. Before the structure got a header
 * of its own, its users knew how it looks inside.
 */
static inline void drain_frags(struct page_frag_cache *frags)
{
#ifdef HAVE_PAGE_FRAG_CACHE_H
	page_frag_cache_drain(frags);
#else
	__page_frag_cache_drain(virt_to_head_page(frags->va),
				frags->pagecnt_bias);
#endif
}

/* The kernel allocates shrinkers now; before, their users had them. */
static inline int add_shrinker(struct shrinker **new,
			       unsigned long (*count)(struct shrinker *,
						      struct shrink_control *),
			       unsigned long (*scan)(struct shrinker *,
						     struct shrink_control *))
{
#ifdef SHRINKER_ALLOCATED
	struct shrinker *shrinker = shrinker_alloc(0, "pgtag_test");

	if (!shrinker)
		return -ENOMEM;
	shrinker->count_objects = count;
	shrinker->scan_objects = scan;
	shrinker_register(shrinker);
	*new = shrinker;
	return 0;
#else
	static struct shrinker shrinker = { .seeks = DEFAULT_SEEKS };

	shrinker.count_objects = count;
	shrinker.scan_objects = scan;
	*new = &shrinker;
	return register_shrinker(&shrinker, "pgtag_test");
#endif
}

static inline void remove_shrinker(struct shrinker *shrinker)
{
#ifdef SHRINKER_ALLOCATED
	shrinker_free(shrinker);
#else
	unregister_shrinker(shrinker);
#endif
}

/*
 * A clock that counts guest instructions when QEMU runs with
 * "-icount shift=0". The raw time stamp counter does so exactly on x86. Every
 * other clock comes out of a division by a frequency that the kernel measured.
 */
static inline u64 instructions(void)
{
#ifdef CONFIG_X86
	return get_cycles();
#else
	return ktime_get_raw_ns();
#endif
}

#endif
