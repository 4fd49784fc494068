// SPDX-License-Identifier: GPL-2.0
/*
 * Call paths as a tree: the sites, below each its callers, below those theirs.
 */
#include <stdlib.h>
#include <string.h>

#include "pgtag.h"
#include "tree.h"

struct branch {
	char *frame;
	long long bytes;
	unsigned long long calls;
	struct branch *branches;
	size_t nr;
};

/* Deeper than paths are; should a file say so, it is cut. */
#define DEPTH	64

static struct branch *find(struct branch *branch, const char *frame, size_t length)
{
	struct branch *new;
	size_t i;

	for (i = 0; i < branch->nr; i++) {
		if (strlen(branch->branches[i].frame) == length &&
		    !memcmp(branch->branches[i].frame, frame, length))
			return &branch->branches[i];
	}
	branch->branches = xrealloc(branch->branches, branch->nr + 1, sizeof(*branch));
	new = &branch->branches[branch->nr++];
	memset(new, 0, sizeof(*new));
	new->frame = strndup(frame, length);
	return new;
}

static struct branch *add(struct branch *branch, const struct site *site,
			  const char *frame, size_t length)
{
	branch = find(branch, frame, length);
	branch->bytes += site->bytes;
	branch->calls += site->calls;
	return branch;
}

static void add_site(struct branch *root, const struct site *site)
{
	struct site alone = *site;
	const char *at = site->path;
	struct branch *branch;
	char *name;
	int depth;

	alone.path = "";
	name = site_name(&alone);
	branch = add(root, site, name, strlen(name));
	free(name);
	for (depth = 0; *at && depth < DEPTH; depth++) {
		branch = add(branch, site, at, strcspn(at, ";"));
		at += strcspn(at, ";");
		at += *at == ';';
	}
}

static int compare(const void *a, const void *b)
{
	const struct branch *one = a, *other = b;

	if (one->bytes != other->bytes)
		return one->bytes < other->bytes ? 1 : -1;
	return strcmp(one->frame, other->frame);
}

static void print(struct branch *branch, int depth, long long min, size_t lines)
{
	char size[SIZE_TEXT];
	size_t i;

	if (branch->nr)
		qsort(branch->branches, branch->nr, sizeof(*branch), compare);
	for (i = 0; i < branch->nr && i < lines; i++) {
		struct branch *next = &branch->branches[i];

		if (next->bytes < min || !next->calls)
			continue;
		printf("%12s %10llu  %*s%s\n", format_size(size, next->bytes),
		       next->calls, 2 * depth, "", next->frame);
		print(next, depth + 1, min, lines);
	}
}

static void forget(struct branch *branch)
{
	size_t i;

	for (i = 0; i < branch->nr; i++)
		forget(&branch->branches[i]);
	free(branch->branches);
	free(branch->frame);
}

/**
 * tree_print - print call paths as a tree
 * @info: the sites
 * @filter: which of them
 * @min: bytes that a branch has at least
 * @lines: branches at most, of each
 */
void tree_print(const struct allocinfo *info, const struct filter *filter,
		unsigned long long min, size_t lines)
{
	struct branch root = { };
	size_t i;

	for (i = 0; i < info->nr; i++) {
		if (filter_passes(filter, &info->sites[i]))
			add_site(&root, &info->sites[i]);
	}
	printf("%12s %10s  %s\n", "size", "calls", "site, and below it its callers");
	print(&root, 0, min, lines);
	forget(&root);
}
