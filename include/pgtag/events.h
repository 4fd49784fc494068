/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What happens to tags when something happens to pages.
 */
#ifndef PGTAG_EVENTS_H
#define PGTAG_EVENTS_H

#include <linux/gfp_types.h>
#include <linux/mm_types.h>

#include <shim/exit.h>

/**
 * struct pgtag_events - the event handlers; events/rules.h says what each does
 * @alloc: trace event mm_page_alloc
 * @call: entry and exit of the allocator
 * @call_nolock: entry and exit of the one that takes no lock
 * @free: trace event mm_page_free
 * @bulk: entry and exit of the bulk allocator
 * @contig: entry and exit of the allocator of contiguous ranges
 * @split: a block is split, see shim/split.h for the arguments
 * @folio_split: a large folio is, entry of folio_split_memcg_refs(), with its arguments
 * @migrate: entry of folio_migrate_flags(), with its arguments
 * @target: entry and exit of the allocator of a page to move another to
 * @compaction: entry and exit of the one that compaction has
 * @hugetlb_new: hugetlb takes a page, see shim/hugetlb.h for the arguments
 * @hugetlb_restore: entry and exit of what hugetlb calls before it frees or
 *	demotes pages, see shim/hugetlb.h for the arguments
 * @hugetlb_remove: entry of what takes a hugetlb page from its pool, see
 *	shim/hugetlb.h for the arguments
 * @gigantic_free: entry of free_gigantic_page(), with its arguments
 * @bad: entry of bad_page(), with its arguments
 */
struct pgtag_events {
	void (*alloc)(void *data, struct page *page, unsigned int order,
		      gfp_t gfp, int migratetype);
	struct pgtag_exit_calls call;
	struct pgtag_exit_calls call_nolock;
	void (*free)(void *data, struct page *page, unsigned int order);
	struct pgtag_exit_calls bulk;
	struct pgtag_exit_calls contig;
	void (*split)(const unsigned long *args);
	void (*folio_split)(const unsigned long *args);
	void (*migrate)(const unsigned long *args);
	struct pgtag_exit_calls target;
	struct pgtag_exit_calls compaction;
	void (*hugetlb_new)(const unsigned long *args);
	struct pgtag_exit_calls hugetlb_restore;
	void (*hugetlb_remove)(const unsigned long *args);
	void (*gigantic_free)(const unsigned long *args);
	void (*bad)(const unsigned long *args);
};

extern const struct pgtag_events pgtag_events_flags;
extern const struct pgtag_events pgtag_events_table;
extern const struct pgtag_events pgtag_events_wide_table;

#endif
