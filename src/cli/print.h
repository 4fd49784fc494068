/* SPDX-License-Identifier: GPL-2.0 */
/* Tables for people. */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include "kinds.h"
#include "rows.h"

/**
 * struct print_request - what is wanted
 * @by: what are rows
 * @order: what they are sorted by
 * @filter: of sites
 * @min: bytes that a row has at least
 * @lines: how many rows at most, of each kind where there are kinds; 0: as usual
 */
struct print_request {
	enum rows_by by;
	enum rows_order order;
	const struct filter *filter;
	unsigned long long min;
	size_t lines;
};

void print_table(const struct allocinfo *info, const struct print_request *request);
void print_memory(const struct allocinfo *info, const struct memory *memory,
		  const struct print_request *request);
void print_growth(const struct allocinfo *before, const struct allocinfo *after,
		  unsigned long long min, size_t lines);

#endif
