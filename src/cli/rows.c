// SPDX-License-Identifier: GPL-2.0
/*
 * Rows of tables: sites, or all of a module, a function or a source file together.
 */
#include <stdlib.h>
#include <string.h>

#include "pgtag.h"
#include "rows.h"

/**
 * filter_set - set a part of a filter, or say what is wrong with it
 * @regex: the part
 * @has: whether it is there
 * @text: an extended regular expression
 */
bool filter_set(regex_t *regex, bool *has, const char *text)
{
	char why[128];
	int error;

	if (*has)
		regfree(regex);
	error = regcomp(regex, text, REG_EXTENDED | REG_NOSUB);
	*has = !error;
	if (!error)
		return true;
	regerror(error, regex, why, sizeof(why));
	complain("%s: %s", text, why);
	return false;
}

/**
 * filter_free - forget a filter
 * @filter: it may be empty
 */
void filter_free(struct filter *filter)
{
	if (filter->has_module)
		regfree(&filter->module);
	if (filter->has_site)
		regfree(&filter->site);
	memset(filter, 0, sizeof(*filter));
}

static bool matches(const regex_t *regex, const char *text)
{
	return !regexec(regex, text, 0, NULL, 0);
}

/**
 * filter_passes - does a site count?
 * @filter: by this
 * @site: the site
 */
bool filter_passes(const struct filter *filter, const struct site *site)
{
	if (filter->has_module && !matches(&filter->module, site_module(site)))
		return false;
	return !filter->has_site || matches(&filter->site, site->location) ||
	       matches(&filter->site, site->function) ||
	       matches(&filter->site, site->path);
}

static int parse_word(const char *text, const char * const *words, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		if (!strcmp(words[i], text))
			return i;
	}
	complain("%s: not one of %s, %s, ...", text, words[0], words[1]);
	return -1;
}

/**
 * rows_parse_by - read what rows are to be, or say what is wrong with it
 * @text: site, module, function or file
 * @by: result
 */
bool rows_parse_by(const char *text, enum rows_by *by)
{
	static const char * const words[] = { "site", "module", "function", "file" };
	int i = parse_word(text, words, ARRAY_SIZE(words));

	*by = i;
	return i >= 0;
}

/**
 * rows_parse_order - read what rows are sorted by, or say what is wrong with it
 * @text: size, calls or name
 * @order: result
 */
bool rows_parse_order(const char *text, enum rows_order *order)
{
	static const char * const words[] = { "size", "calls", "name" };
	int i = parse_word(text, words, ARRAY_SIZE(words));

	*order = i;
	return i >= 0;
}

/**
 * site_module - whose code a site is in
 * @site: the site
 */
const char *site_module(const struct site *site)
{
	return *site->module ? site->module : "vmlinux";
}

/* Not by printf(), which takes several times as long, and top has thousands of these. */
static char *join(const char * const *parts, size_t nr)
{
	size_t i, size = 1;
	char *text, *end;

	for (i = 0; i < nr; i++)
		size += strlen(parts[i]);
	text = xrealloc(NULL, size, 1);
	for (i = 0, end = text; i < nr; i++)
		end = stpcpy(end, parts[i]);
	return text;
}

/**
 * site_name - a site as people read it
 * @site: the site
 *
 * Return: to be freed.
 */
char *site_name(const struct site *site)
{
	/* "function+0x1" has the function already. */
	bool line = strncmp(site->location, site->function, strlen(site->function));
	const char * const parts[] = {
		line ? site->function : "", line ? " " : "", site->location,
		*site->module ? " [" : "", site->module, *site->module ? "]" : "",
		*site->kind ? " kind:" : "", site->kind,
		*site->path ? " < " : "", site->path,
	};

	return join(parts, ARRAY_SIZE(parts));
}

static char *part(const char *text, const char *until)
{
	char *name = xstrdup(text);

	name[strcspn(name, until)] = '\0';
	return name;
}

static char *row_name(const struct site *site, enum rows_by by)
{
	switch (by) {
	case BY_MODULE:
		return xstrdup(site_module(site));
	case BY_FUNCTION:
		return part(site->function, ".");
	case BY_FILE:
		if (strstr(site->location, "+0x") || !strchr(site->location, ':'))
			return xstrdup("(without source lines: see pgtag lines)");
		return part(site->location, ":");
	default:
		return site_name(site);
	}
}

static int compare_names(const void *a, const void *b)
{
	const struct row *one = a, *other = b;

	return strcmp(one->name, other->name);
}

static void merge(struct rows *rows)
{
	struct row *last = NULL;
	size_t i, nr = 0;

	for (i = 0; i < rows->nr; i++) {
		struct row *row = &rows->row[i];

		if (last && !strcmp(last->name, row->name)) {
			last->bytes += row->bytes;
			last->calls += row->calls;
			last->sites++;
			last->inaccurate |= row->inaccurate;
			free(row->name);
			continue;
		}
		last = &rows->row[nr++];
		*last = *row;
	}
	rows->nr = nr;
}

/**
 * rows_make - add sites up
 * @rows: result, sorted by name
 * @info: the sites; must stay
 * @by: by what they are added up
 * @filter: which of them count. Objects lie in pages of other sites, so they do only
 *	where sites are not added up
 */
void rows_make(struct rows *rows, const struct allocinfo *info, enum rows_by by,
	       const struct filter *filter)
{
	size_t i;

	rows->nr = 0;
	rows->row = xrealloc(NULL, info->nr, sizeof(*rows->row));
	for (i = 0; i < info->nr; i++) {
		const struct site *site = &info->sites[i];

		if (!filter_passes(filter, site) ||
		    (by != BY_SITE && site_has_objects(site)))
			continue;
		rows->row[rows->nr++] = (struct row){
			.name = row_name(site, by),
			.site = site,
			.bytes = site->bytes,
			.calls = site->calls,
			.sites = 1,
			.inaccurate = site->inaccurate,
		};
	}
	qsort(rows->row, rows->nr, sizeof(*rows->row), compare_names);
	merge(rows);
}

static int compare_sizes(const void *a, const void *b)
{
	const struct row *one = a, *other = b;

	if (one->bytes != other->bytes)
		return one->bytes < other->bytes ? 1 : -1;
	return compare_names(a, b);
}

static int compare_calls(const void *a, const void *b)
{
	const struct row *one = a, *other = b;

	if (one->calls != other->calls)
		return one->calls < other->calls ? 1 : -1;
	return compare_names(a, b);
}

/**
 * rows_sort - sort rows
 * @rows: to be sorted
 * @order: by this
 */
void rows_sort(struct rows *rows, enum rows_order order)
{
	static int (*const compare[])(const void *a, const void *b) = {
		[ORDER_SIZE] = compare_sizes,
		[ORDER_CALLS] = compare_calls,
		[ORDER_NAME] = compare_names,
	};

	qsort(rows->row, rows->nr, sizeof(*rows->row), compare[order]);
}

/**
 * rows_free - forget rows
 * @rows: made by rows_make()
 */
void rows_free(struct rows *rows)
{
	size_t i;

	for (i = 0; i < rows->nr; i++)
		free(rows->row[i].name);
	free(rows->row);
	memset(rows, 0, sizeof(*rows));
}
