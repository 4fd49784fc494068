// SPDX-License-Identifier: GPL-2.0
/*
 * Tables for people.
 */
#include "pgtag.h"
#include "print.h"

/* Sites shown of each kind if nobody says how many, and rows of a table. */
#define SITES_EACH	3
#define LINES		20

static void print_row(const struct row *row, const char *indent)
{
	char size[SIZE_TEXT];

	printf("%s%12s %10llu  %s%s\n", indent, format_size(size, row->bytes),
	       row->calls, row->name, row->inaccurate ? " (not accurate)" : "");
}

/* Rows that are too small or too many become one line. */
static void print_rows(const struct rows *rows, size_t lines, long long min)
{
	long long rest = 0;
	char size[SIZE_TEXT];
	size_t i, shown = 0, left = 0;

	for (i = 0; i < rows->nr; i++) {
		const struct row *row = &rows->row[i];

		if (shown < lines && row->bytes >= min) {
			print_row(row, "");
			shown++;
		} else if (row->bytes) {
			rest += row->bytes;
			left++;
		}
	}
	if (left)
		printf("%12s %10s  (%zu more)\n", format_size(size, rest), "", left);
}

/**
 * print_table - print sites, or what they add up to
 * @info: the sites
 * @request: what is wanted
 */
void print_table(const struct allocinfo *info, const struct print_request *request)
{
	static const char * const titles[] = { "site", "module", "function", "file" };
	struct rows rows;

	rows_make(&rows, info, request->by, request->filter);
	rows_sort(&rows, request->order);
	printf("%12s %10s  %s\n", "size", "calls", titles[request->by]);
	print_rows(&rows, request->lines ? request->lines : LINES, request->min);
	rows_free(&rows);
}

static void print_kind(const char *name, const struct kind_sum *sum)
{
	char size[SIZE_TEXT], tagged[SIZE_TEXT], before[SIZE_TEXT], rest[SIZE_TEXT];

	printf("%-14s %12s %12s %12s %12s\n", name, format_size(size, sum->size),
	       format_size(tagged, sum->tagged), format_size(before, sum->before),
	       format_size(rest, kind_unexplained(sum)));
}

static void print_sites(const struct print_request *request, const struct rows *rows,
			enum kind kind)
{
	size_t i, left = request->lines ? request->lines : SITES_EACH;

	for (i = 0; i < rows->nr && left; i++) {
		const struct row *row = &rows->row[i];

		if (site_kind(row->site) != kind || row->bytes <= 0 ||
		    (unsigned long long)row->bytes < request->min)
			continue;
		print_row(row, "   ");
		left--;
	}
}

static double percent(long long part, long long all)
{
	return 100.0 * part / all;
}

static void print_verdict(const struct memory *memory)
{
	struct kind_sum all = memory_sum(memory);
	long long gap = memory_unexplained(memory);
	char total[SIZE_TEXT], free_text[SIZE_TEXT], tagged[SIZE_TEXT];
	char before[SIZE_TEXT], rest[SIZE_TEXT], doubtful[SIZE_TEXT];

	printf("\nMemTotal %s = free %s + tagged %s + from before the load %s",
	       format_size(total, memory->total), format_size(free_text, memory->free),
	       format_size(tagged, all.tagged), format_size(before, all.before));
	printf("\n         and nobody explains %s (%.2f %%)\n",
	       format_size(rest, gap), percent(gap, memory->total));
	if (memory->doubtful)
		printf("         of which up to %s may be there twice: this kernel does not tell\n"
		       "         objects of a page or two, which are in slabs, from pages\n",
		       format_size(doubtful, memory->doubtful));
}

/**
 * print_memory - print where all memory is
 * @info: the sites
 * @memory: accounted
 * @request: which sites of each kind are wanted
 */
void print_memory(const struct allocinfo *info, const struct memory *memory,
		  const struct print_request *request)
{
	char size[SIZE_TEXT];
	struct rows rows;
	int i;

	rows_make(&rows, info, BY_SITE, request->filter);
	rows_sort(&rows, request->order);
	printf("%-14s %12s %12s %12s %12s\n", "", "size", "tagged", "before load",
	       "unexplained");
	printf("%-14s %12s\n", "free", format_size(size, memory->free));
	for (i = 0; i < NR_KINDS; i++) {
		print_kind(kind_name(i), &memory->kinds[i]);
		print_sites(request, &rows, i);
	}
	print_verdict(memory);
	rows_free(&rows);
}
