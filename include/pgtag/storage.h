/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the indices of pages are kept: in page->flags or in a table.
 */
#ifndef PGTAG_STORAGE_H
#define PGTAG_STORAGE_H

#include <linux/mm_types.h>

#include <pgtag/layout.h>

struct pgtag_events;
struct seq_file;

/**
 * struct pgtag_storage - a kind of storage
 * @name: what it is called
 * @events: the event handlers that use it
 * @indices: how many indices it can tell apart, NULL and EMPTY among them
 * @mark: the bit that is no part of an index (see events/rules.h)
 * @claim: make room, and make sure that every page reads NULL; may sleep;
 *	0, -EINTR after a fatal signal, or another negative error, explained
 *	in the log
 * @release: leave no trace; may sleep; no event handler runs any more
 * @online: make room for memory sections from the first to before the second,
 *	again where there is room already; may sleep; 0 or -ENOMEM. Maybe NULL
 * @offline: these sections are gone, where they are not online; may sleep.
 *	Maybe NULL
 * @get: the index a page carries, with the mark; of any page, at any time
 * @clear: have a page that nobody uses, nor any event handler, read NULL
 * @show: print what it takes
 */
struct pgtag_storage {
	const char *name;
	const struct pgtag_events *events;
	unsigned long (*indices)(void);
	u32 (*mark)(void);
	int (*claim)(void);
	void (*release)(void);
	int (*online)(unsigned long section, unsigned long end);
	void (*offline)(unsigned long section, unsigned long end);
	u32 (*get)(struct page *page);
	void (*clear)(struct page *page);
	void (*show)(struct seq_file *m);
};

extern const struct pgtag_storage pgtag_storage_flags;
extern const struct pgtag_storage pgtag_storage_table;
extern const struct pgtag_storage pgtag_storage_wide_table;

/* What pgtag_field_find() found. */
extern struct pgtag_layout pgtag_layout;
extern struct pgtag_field pgtag_field;

int pgtag_field_find(enum pgtag_bits_of asked, bool balancing,
		     unsigned int bits);
const char *pgtag_field_missing(int error, enum pgtag_bits_of asked);
const char *pgtag_field_remedy(int error);

#endif
