/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Before a page of hugetlb is freed or falls into smaller ones, the kernel makes
 * sure that it has its whole part of the memory map. Up to 6.6 the function that
 * does so takes one page and the result says whether it has; later one takes a
 * list of pages, and moves those that have to another list. Lists of pages to be
 * freed look like those to be demoted.
 *
 * A kernel that never gives any of it back has no such function. There a page is seen
 * when it leaves its pool, which is to be freed or demoted, too: both names of the
 * function that does it take the pool and the page. clang puts it into what demotes
 * (7.3), where it is seen no more. And the gigantic pages of 6.1 are seen where they are
 * made of a range, and where they become one again.
 */
#ifndef PGTAG_SHIM_HUGETLB_H
#define PGTAG_SHIM_HUGETLB_H

#include <linux/hugetlb.h>
#include <linux/version.h>

#define PGTAG_MAP_IS_GIVEN_BACK	IS_ENABLED(CONFIG_HUGETLB_PAGE_OPTIMIZE_VMEMMAP)

/* The functions that are hooked, of either kind. */
#ifdef CONFIG_HUGETLB_PAGE_OPTIMIZE_VMEMMAP
#define PGTAG_HUGETLB_NEW	{ "hugetlb_vmemmap_optimize" }
#define PGTAG_HUGETLB_RESTORE	{ "hugetlb_vmemmap_restore_folios", \
				  "hugetlb_vmemmap_restore" }
#define PGTAG_HUGETLB_REMOVE	{ }
#define PGTAG_GIGANTIC_FREE	{ }
#else
#define PGTAG_HUGETLB_NEW	{ "__prep_compound_gigantic_page" }
#define PGTAG_HUGETLB_RESTORE	{ }
#ifdef CONFIG_CC_IS_CLANG
#define PGTAG_HUGETLB_REMOVE	{ }
#else
#define PGTAG_HUGETLB_REMOVE	{ "remove_hugetlb_folio", "__remove_hugetlb_page" }
#endif
#define PGTAG_GIGANTIC_FREE	{ "free_gigantic_page" }
#endif

bool pgtag_is_demoting(void);

/* From 6.12 on a gigantic page is allocated whole. */
#define PGTAG_GIGANTIC_WHOLE	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0) || \
				 !IS_ENABLED(CONFIG_HUGETLB_PAGE))

/**
 * struct pgtag_restore - what is to have its part of the memory map
 * @pool: where the pages are from
 * @page: the page, NULL if there are lists
 * @lists: pages that shall have it, and those that do
 */
struct pgtag_restore {
	struct hstate *pool;
	struct page *page;
	struct list_head *lists[2];
};

/* The gigantic page that is taken, NULL if it is none. */
static inline struct page *pgtag_gigantic_new(const unsigned long *args,
					      unsigned int *order)
{
	struct hstate *pool = (struct hstate *)args[0];

	if (!PGTAG_MAP_IS_GIVEN_BACK) {
		*order = args[1];
		return (struct page *)args[0];
	}
	*order = huge_page_order(pool);
	return hstate_is_gigantic(pool) ? (struct page *)args[1] : NULL;
}

static inline struct pgtag_restore
pgtag_restore_arguments(const unsigned long *args)
{
	bool has_lists = LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0);

	return (struct pgtag_restore) {
		.pool = (struct hstate *)args[0],
		.page = has_lists ? NULL : (struct page *)args[1],
		.lists = {
			has_lists ? (struct list_head *)args[1] : NULL,
			has_lists ? (struct list_head *)args[2] : NULL,
		},
	};
}

#ifdef CONFIG_HUGETLB_PAGE

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
#define pgtag_map_is_whole(page) \
	(!folio_test_hugetlb_vmemmap_optimized((struct folio *)(page)))
#else
#define pgtag_map_is_whole(page)	(!HPageVmemmapOptimized(page))
#endif

/* The pages that one of this pool falls into: their order. */
static inline unsigned int pgtag_demote_order(const struct hstate *pool)
{
	return pool->demote_order;
}

#else

#define pgtag_map_is_whole(page)	((void)(page), true)

static inline unsigned int pgtag_demote_order(const struct hstate *pool)
{
	return 0;
}

#endif

#endif
