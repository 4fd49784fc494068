/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The accounting rules, one function an event. Nothing else is here.
 *
 * Compiled once for each storage, by flags.c, table.c and wide_table.c, so that
 * no page is asked which one it is.
 *
 * The invariant: at rest, a tag's calls are the number of pages that carry
 * its index, and its bytes the size of those allocations. Only the head of
 * an allocation carries an index.
 *
 * A block that is not compound can fall apart unseen: who drops a reference
 * to it that is not the last one frees all but its first page, in pieces. So
 * each page where such a piece begins carries the block's index too, with a
 * mark, which makes it another value. It says whose bytes to take away when
 * the piece is freed by itself; freed with its block, it is cleared.
 */
#include <linux/mm.h>
#include <linux/page-flags.h>

#include <pgtag/events.h>
#include <shim/page.h>

static __always_inline u32 index_get(struct page *page)
{
	return pgtag_place_get(pgtag_place(page));
}

static __always_inline void index_put(struct page *page, u32 index)
{
	pgtag_place_put(pgtag_place(page), pgtag_place_code(index));
}

#include "alloc.h"
#include "ranges.h"
#include "change.h"
#include "hugetlb.h"

const struct pgtag_events PGTAG_EVENTS = {
	.alloc = on_alloc,
	.call = { .entry = on_call_entry, .exit = on_call_exit },
	.call_nolock = { .entry = on_nolock_entry, .exit = on_call_exit },
	.free = on_free,
	.bulk = { .entry = on_bulk_entry, .exit = on_bulk_exit },
	.contig = { .entry = on_contig_entry, .exit = on_contig_exit },
	.split = on_split,
	.folio_split = on_folio_split,
	.migrate = on_migrate,
	.target = { .entry = on_target_entry, .exit = on_target_exit },
	.compaction = { .entry = on_compaction_entry, .exit = on_target_exit },
	.hugetlb_new = on_hugetlb_new,
	.hugetlb_restore = { .entry = on_restore_entry, .exit = on_restore_exit },
	.hugetlb_remove = on_hugetlb_remove,
	.gigantic_free = on_gigantic_free,
	.bad = on_bad,
};
