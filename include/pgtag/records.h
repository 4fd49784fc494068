/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The records of /proc/allocinfo's ioctls, and the filters for them.
 */
#ifndef PGTAG_RECORDS_H
#define PGTAG_RECORDS_H

#include <pgtag/pure.h>
#include <uapi/pgtag_alloc_tag.h>

/* What a filter must look at. */
#define PGTAG_FILTER_NAMES						\
	(ALLOCINFO_FILTER_MASK_MODNAME | ALLOCINFO_FILTER_MASK_FUNCTION |	\
	 ALLOCINFO_FILTER_MASK_FILENAME | ALLOCINFO_FILTER_MASK_LINENO)
#define PGTAG_FILTER_COUNTERS						\
	(ALLOCINFO_FILTER_MASK_INACCURATE | ALLOCINFO_FILTER_MASK_MIN_SIZE |	\
	 ALLOCINFO_FILTER_MASK_MAX_SIZE)

void pgtag_record_name(struct allocinfo_tag *tag, const char *text);
bool pgtag_filter_valid(const struct allocinfo_filter *filter);
bool pgtag_filter_passes_tag(const struct allocinfo_filter *filter,
			     const struct allocinfo_tag *tag);
bool pgtag_filter_passes_counter(const struct allocinfo_filter *filter,
				 const struct allocinfo_counter *counter);

#endif
