/* SPDX-License-Identifier: GPL-2.0 */
/*
 * page->flags, and what the kernel's headers say of its layout.
 */
#ifndef PGTAG_SHIM_PAGE_H
#define PGTAG_SHIM_PAGE_H

#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <linux/mm.h>
#include <linux/version.h>

#include <pgtag/layout.h>

/*
 * Both an unsigned long and, since 6.18, a structure of one: an atomic_long_t
 * is the one type that serves for either.
 */
static_assert(sizeof_field(struct page, flags) == sizeof(atomic_long_t));

static __always_inline atomic_long_t *pgtag_page_flags(struct page *page)
{
	return (atomic_long_t *)&page->flags;
}

/* PageHead() for what is not a tail page, of which some look like heads. */
static __always_inline bool pgtag_page_is_head(struct page *page)
{
	return *(const unsigned long *)&page->flags & BIT(PG_head);
}

/* The compressed mode of the kernel's own profiling keeps its tags there. */
#ifdef CONFIG_MEM_ALLOC_PROFILING
#define PGTAG_UNUSED_TAKEN	true
#else
#define PGTAG_UNUSED_TAKEN	false
#endif

static inline struct pgtag_widths pgtag_kernel_widths(void)
{
	return (struct pgtag_widths) {
		.word = BITS_PER_LONG,
		.part = {
			[PGTAG_PART_SECTION]	 = SECTIONS_WIDTH,
			[PGTAG_PART_NODE]	 = NODES_WIDTH,
			[PGTAG_PART_ZONE]	 = ZONES_WIDTH,
			[PGTAG_PART_LAST_CPUPID] = LAST_CPUPID_WIDTH,
			[PGTAG_PART_KASAN_TAG]	 = KASAN_TAG_WIDTH,
			[PGTAG_PART_LRU_GEN]	 = LRU_GEN_WIDTH,
			[PGTAG_PART_LRU_REFS]	 = LRU_REFS_WIDTH,
			[PGTAG_PART_FLAGS]	 = NR_PAGEFLAGS,
		},
		.unused_taken = PGTAG_UNUSED_TAKEN,
	};
}

/*
 * Does the kernel place its parts where we compute them? Checked where its
 * headers name the place.
 */
static inline bool pgtag_kernel_agrees(const struct pgtag_layout *layout)
{
	return layout->shift[PGTAG_PART_ZONE] == ZONES_PGOFF &&
	       layout->shift[PGTAG_PART_LAST_CPUPID] == LAST_CPUPID_PGOFF &&
	       layout->shift[PGTAG_PART_KASAN_TAG] == KASAN_TAG_PGOFF &&
	       layout->shift[PGTAG_PART_LRU_GEN] == LRU_GEN_PGOFF &&
	       layout->shift[PGTAG_PART_LRU_REFS] == LRU_REFS_PGOFF;
}

#endif
