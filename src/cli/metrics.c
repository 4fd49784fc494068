// SPDX-License-Identifier: GPL-2.0
/*
 * The text formats of Prometheus and of OpenMetrics. There may be thousands of sites,
 * and who stores series wants to know how many: so many of the biggest have their own,
 * so many modules, and each time there is one for the rest, so that they add up.
 */
#include <stdlib.h>
#include <string.h>

#include "export.h"
#include "pgtag.h"
#include "rows.h"

/* What a series is of: a site, or all sites of a module. */
struct series {
	const char *module;
	const char *function;
	const char *location;
	long long bytes;
	unsigned long long calls;
};

/* Those that are printed, of so many. */
struct table {
	struct series *series;
	size_t nr;
	size_t of;
};

/* A metric of all series of a table. */
struct metric {
	const char *name;
	const char *unit;	/* NULL for none; the name ends with it */
	const char *help;
};

/* --- what to print --- */

static int by_labels(const void *a, const void *b)
{
	const struct series *left = a, *right = b;
	int order = strcmp(left->module, right->module);

	if (!order)
		order = strcmp(left->function, right->function);
	return order ? order : strcmp(left->location, right->location);
}

static int by_bytes(const void *a, const void *b)
{
	const struct series *left = a, *right = b;

	if (left->bytes != right->bytes)
		return left->bytes < right->bytes ? 1 : -1;
	return by_labels(a, b);
}

static void add(struct series *to, const struct series *from)
{
	to->bytes += from->bytes;
	to->calls += from->calls;
}

/* No two series may have the same labels: sites with several paths are one. */
static void merge(struct table *table)
{
	size_t i, nr = 0;

	qsort(table->series, table->nr, sizeof(*table->series), by_labels);
	for (i = 0; i < table->nr; i++) {
		if (nr && !by_labels(&table->series[nr - 1], &table->series[i]))
			add(&table->series[nr - 1], &table->series[i]);
		else
			table->series[nr++] = table->series[i];
	}
	table->nr = nr;
	table->of = nr;
}

/* The biggest first, and what is beyond the limit as one that has no labels. */
static void limit(struct table *table, size_t top)
{
	struct series rest = { .module = "", .function = "", .location = "" };
	size_t i;

	qsort(table->series, table->nr, sizeof(*table->series), by_bytes);
	for (i = top; i < table->nr; i++)
		add(&rest, &table->series[i]);
	if (table->nr > top)
		table->nr = top;
	table->series = xrealloc(table->series, table->nr + 1, sizeof(rest));
	table->series[table->nr++] = rest;
}

/* Objects lie in pages of other sites, and are left out. */
static struct table make_table(const struct export *export, bool modules)
{
	const struct allocinfo *info = &export->info;
	struct table table = { .series = xrealloc(NULL, info->nr, sizeof(*table.series)) };
	size_t i;

	for (i = 0; i < info->nr; i++) {
		const struct site *site = &info->sites[i];

		if (site_has_objects(site))
			continue;
		table.series[table.nr++] = (struct series){
			.module = site_module(site),
			.function = modules ? "" : site->function,
			.location = modules ? "" : site->location,
			.bytes = site->bytes,
			.calls = site->calls,
		};
	}
	merge(&table);
	limit(&table, export->top);
	return table;
}

/* --- how --- */

static void print_value(FILE *file, const char *value)
{
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			putc('\\', file);
		/* These formats are UTF-8, which nobody has checked. */
		putc((unsigned char)*value < 0x7f ? *value : '?', file);
	}
}

static void print_label(FILE *file, const char *first, const char *name, const char *value)
{
	fprintf(file, "%s%s=\"", first, name);
	print_value(file, value);
	putc('"', file);
}

static void print_head(FILE *file, const struct metric *metric, bool openmetrics)
{
	fprintf(file, "# HELP %s %s\n# TYPE %s gauge\n", metric->name, metric->help,
		metric->name);
	if (openmetrics && metric->unit)
		fprintf(file, "# UNIT %s %s\n", metric->name, metric->unit);
}

static void print_series(FILE *file, const struct metric *metric,
			 const struct series *series, bool modules)
{
	fputs(metric->name, file);
	print_label(file, "{", "module", series->module);
	if (!modules) {
		print_label(file, ",", "function", series->function);
		print_label(file, ",", "site", series->location);
	}
	if (metric->unit)
		fprintf(file, "} %lld\n", series->bytes);
	else
		fprintf(file, "} %llu\n", series->calls);
}

static void print_metric(FILE *file, const struct metric *metric,
			 const struct table *table, bool modules, bool openmetrics)
{
	size_t i;

	print_head(file, metric, openmetrics);
	for (i = 0; i < table->nr; i++)
		print_series(file, metric, &table->series[i], modules);
}

static const struct metric site_metrics[] = {
	{ "pgtag_site_bytes", "bytes",
	  "Memory of the call sites that own most, and without labels of all others." },
	{ "pgtag_site_allocations", NULL,
	  "Allocations of these call sites that are not freed." },
};

static const struct metric module_metrics[] = {
	{ "pgtag_module_bytes", "bytes",
	  "Memory that call sites in a module own; vmlinux is the kernel itself." },
	{ "pgtag_module_allocations", NULL,
	  "Allocations of call sites in a module that are not freed." },
};

static const struct metric sites_metric = {
	"pgtag_sites", NULL, "Call sites that are known.",
};

static void export_metrics(FILE *file, const struct export *export, bool openmetrics)
{
	struct table sites = make_table(export, false);
	struct table modules = make_table(export, true);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(site_metrics); i++)
		print_metric(file, &site_metrics[i], &sites, false, openmetrics);
	for (i = 0; i < ARRAY_SIZE(module_metrics); i++)
		print_metric(file, &module_metrics[i], &modules, true, openmetrics);
	print_head(file, &sites_metric, openmetrics);
	fprintf(file, "%s %zu\n", sites_metric.name, sites.of);
	free(sites.series);
	free(modules.series);
}

/**
 * export_prometheus - write metrics as Prometheus reads them
 * @file: where to
 * @export: what
 */
void export_prometheus(FILE *file, const struct export *export)
{
	export_metrics(file, export, false);
}

/**
 * export_openmetrics - write metrics as the standard has them
 * @file: where to
 * @export: what
 */
void export_openmetrics(FILE *file, const struct export *export)
{
	export_metrics(file, export, true);
	fputs("# EOF\n", file);
}
