/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What happens to tags when something happens to pages.
 */
#ifndef PGTAG_EVENTS_H
#define PGTAG_EVENTS_H

#include <linux/gfp_types.h>
#include <linux/mm_types.h>

#include <shim/exit.h>

void pgtag_event_alloc(void *data, struct page *page, unsigned int order,
		       gfp_t gfp, int migratetype);
void pgtag_event_free(void *data, struct page *page, unsigned int order);
bool pgtag_event_bulk_entry(struct pgtag_exit_data *data,
			    const unsigned long *args,
			    const unsigned long *slot);
void pgtag_event_bulk_exit(struct pgtag_exit_data *data, unsigned long result);
void pgtag_event_split_page(const unsigned long *args);
void pgtag_event_alloc_exact(const unsigned long *args);
void pgtag_event_migrate(const unsigned long *args);
void pgtag_event_folio_split(struct page *page);

#endif
