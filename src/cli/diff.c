// SPDX-License-Identifier: GPL-2.0
/*
 * pgtag diff: what has grown from one time to another.
 */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "limits.h"
#include "print.h"
#include "snapshot.h"

struct moment {
	struct snapshot snapshot;
	struct allocinfo info;
};

static long long bytes_of(const struct site *site)
{
	return site ? site->bytes : 0;
}

static long long growth(const struct pair *pair)
{
	return bytes_of(pair->after) - bytes_of(pair->before);
}

static long long calls_growth(const struct pair *pair)
{
	return (long long)((pair->after ? pair->after->calls : 0) -
			   (pair->before ? pair->before->calls : 0));
}

/* What has grown most first, what has shrunk most last. */
static int compare(const void *a, const void *b)
{
	long long one = growth(a), other = growth(b);

	return (one < other) - (one > other);
}

static void print_pair(const struct pair *pair)
{
	char before[SIZE_TEXT], after[SIZE_TEXT], change[SIZE_TEXT];
	char *name = site_name(pair->after ? pair->after : pair->before);

	printf("%12s %12s %12s %+9lld  %s%s\n",
	       format_change(change, growth(pair)),
	       format_size(before, bytes_of(pair->before)),
	       format_size(after, bytes_of(pair->after)), calls_growth(pair), name,
	       !pair->before ? " (new)" : !pair->after ? " (gone)" : "");
	free(name);
}

static unsigned long long magnitude(long long bytes)
{
	return bytes < 0 ? -(unsigned long long)bytes : (unsigned long long)bytes;
}

/* What did not change is left out. */
static void print_pairs(const struct pair *pairs, size_t nr,
			unsigned long long min, size_t lines)
{
	size_t i, shown = 0, left = 0;

	for (i = 0; i < nr; i++) {
		if (!growth(&pairs[i]))
			continue;
		if (magnitude(growth(&pairs[i])) < min || shown == lines) {
			left++;
			continue;
		}
		print_pair(&pairs[i]);
		shown++;
	}
	if (left)
		printf("(%zu more)\n", left);
}

/* Objects lie in pages of other sites. */
static long long total_growth(const struct moment *a, const struct moment *b)
{
	return allocinfo_bytes(&b->info) - allocinfo_bytes(&a->info);
}

static void print_times(const struct moment *a, const struct moment *b)
{
	const char *from = a->snapshot.release, *to = b->snapshot.release;
	char change[SIZE_TEXT];

	printf("pages in use: %s", format_change(change, total_growth(a, b)));
	if (a->snapshot.time && b->snapshot.time)
		printf(" in %lld s",
		       (long long)(b->snapshot.time - a->snapshot.time));
	if (from && to && strcmp(from, to))
		printf(", from kernel %s to %s", from, to);
	else if (a->snapshot.boot && b->snapshot.boot &&
		 strcmp(a->snapshot.boot, b->snapshot.boot))
		printf(", of two boots");
	putchar('\n');
}

/**
 * print_growth - print what has grown, and what has shrunk
 * @before: sites at a time
 * @after: and at a later one
 * @min: bytes that a site has changed by at least
 * @lines: sites at most
 */
void print_growth(const struct allocinfo *before, const struct allocinfo *after,
		  unsigned long long min, size_t lines)
{
	struct pair *pairs;
	size_t nr = allocinfo_join(before, after, &pairs);

	qsort(pairs, nr, sizeof(*pairs), compare);
	printf("%12s %12s %12s %9s  %s\n", "growth", "before", "after", "calls", "site");
	print_pairs(pairs, nr, min, lines);
	free(pairs);
}

static void forget(struct moment *moment)
{
	allocinfo_free(&moment->info);
	snapshot_free(&moment->snapshot);
}

static int diff(char **names, const struct limits *limits)
{
	struct moment a, b;
	int code = snapshot_load(&a.snapshot, &a.info, names[0]);

	if (code)
		return code;
	/* NULL, which ends the names, is this machine now. */
	code = snapshot_load(&b.snapshot, &b.info, names[1]);
	if (!code) {
		print_times(&a, &b);
		print_growth(&a.info, &b.info, limits->min, limits->lines);
		forget(&b);
	}
	forget(&a);
	return code;
}

static int run(int argc, char **argv)
{
	return run_with_limits(&command_diff, argc, argv, 2, diff);
}

const struct command command_diff = {
	.name = "diff",
	.summary = "what has grown since",
	.usage = "usage: pgtag diff [OPTION]... BEFORE [AFTER]\n\n"
		 "Each is a copy of allocinfo or a recording, of which the last is taken;\n"
		 "- for stdin. Without AFTER it is this machine now. They may be of two\n"
		 "boots, or of two kernels: sites are joined by module, function and\n"
		 "callers, and by their order in the function where its code is another.\n\n"
		 "  -m, --min=SIZE  only what has changed by that much: 4096, 64K, 10M\n"
		 "  -n, --lines=N   no more than so many\n\n"
		 "example: sudo cat /proc/allocinfo >before; sleep 60; sudo pgtag diff before\n",
	.run = run,
};
