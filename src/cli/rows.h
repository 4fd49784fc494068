/* SPDX-License-Identifier: GPL-2.0 */
/* Sites added up into the rows of a table. */
#ifndef CLI_ROWS_H
#define CLI_ROWS_H

#include <regex.h>

#include "allocinfo.h"

enum rows_by {
	BY_SITE,
	BY_MODULE,
	BY_FUNCTION,
	BY_FILE,
};

/* What a table is sorted by, the most first. */
enum rows_order {
	ORDER_SIZE,
	ORDER_CALLS,
	ORDER_NAME,	/* from the first */
};

/**
 * struct filter - which sites count
 * @module: what their module's name matches, "vmlinux" for the kernel's own
 * @site: what their location, function or path matches
 * @has_module: @module is there
 * @has_site: @site is there
 */
struct filter {
	regex_t module;
	regex_t site;
	bool has_module;
	bool has_site;
};

/**
 * struct row - sites with something in common
 * @name: what that is
 * @site: one of them
 * @bytes: of all of them
 * @calls: of all of them
 * @sites: how many
 * @inaccurate: one of them is
 */
struct row {
	char *name;
	const struct site *site;
	long long bytes;
	unsigned long long calls;
	size_t sites;
	bool inaccurate;
};

/**
 * struct rows - sorted by name
 * @row: array of @nr
 * @nr: how many
 */
struct rows {
	struct row *row;
	size_t nr;
};

bool filter_set(regex_t *regex, bool *has, const char *text);
bool filter_passes(const struct filter *filter, const struct site *site);
void filter_free(struct filter *filter);
bool rows_parse_by(const char *text, enum rows_by *by);
bool rows_parse_order(const char *text, enum rows_order *order);
const char *site_module(const struct site *site);
char *site_name(const struct site *site);
void rows_make(struct rows *rows, const struct allocinfo *info, enum rows_by by,
	       const struct filter *filter);
void rows_sort(struct rows *rows, enum rows_order order);
void rows_free(struct rows *rows);

#endif
