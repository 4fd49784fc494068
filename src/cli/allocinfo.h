/* SPDX-License-Identifier: GPL-2.0 */
/* allocinfo, read: call sites and what they own. */
#ifndef CLI_ALLOCINFO_H
#define CLI_ALLOCINFO_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct site - a line of allocinfo, or several that say the same of one site
 * @location: "file:line" or "function+0xoffset"
 * @module: its name, "" for the kernel itself
 * @function: where it is, as the file has it
 * @path: the callers, "caller+0x1;its_caller+0x2 [module];...", "" without
 * @kind: of what it owns, "" for pages
 * @bytes: what it owns; below 0 for a moment, as counters are read one by one
 * @calls: allocations not yet freed
 * @at: the number at the end of @location
 * @name_length: of @location without it
 * @function_length: of @function without what the compiler adds, ".isra.0"
 * @ordinal: which of the sites of the same @module, @function and callers' functions
 *	it is, by its place in the code, from 0
 * @inaccurate: the figures are marked as not to be trusted
 */
struct site {
	const char *location;
	const char *module;
	const char *function;
	const char *path;
	const char *kind;
	long long bytes;
	unsigned long long calls;
	unsigned long at;
	size_t name_length;
	size_t function_length;
	unsigned int ordinal;
	bool inaccurate;
};

/**
 * struct allocinfo - all sites, sorted by module, function, callers and place
 * @sites: array of @nr
 * @nr: how many
 * @major: version of the format, before the dot
 * @minor: and after it
 * @text: what the sites' strings point into
 */
struct allocinfo {
	struct site *sites;
	size_t nr;
	unsigned int major, minor;
	char *text;
};

/**
 * struct parse_error - why a text was refused
 * @line: its number, from 1
 * @what: for the message
 */
struct parse_error {
	size_t line;
	const char *what;
};

/**
 * struct pair - a site at two times
 * @before: there, or NULL if it was not
 * @after: or this is
 */
struct pair {
	const struct site *before;
	const struct site *after;
};

bool allocinfo_parse(struct allocinfo *info, char *text, size_t length,
		     struct parse_error *error);
void allocinfo_free(struct allocinfo *info);
/* The smallest there are; others are whole multiples. */
#define PAGE	4096

bool site_has_objects(const struct site *site);
long long allocinfo_bytes(const struct allocinfo *info);
size_t allocinfo_join(const struct allocinfo *before,
		      const struct allocinfo *after, struct pair **pairs);

/* source.c: where the text comes from. */
int allocinfo_load(struct allocinfo *info, const char *from);
int allocinfo_read(char **text, size_t *length);
int allocinfo_take(struct allocinfo *info, char *text, size_t length,
		   const char *name);
char *read_whole(const char *from, size_t *length);
struct command;
int run_on_module_file(const struct command *command, int argc, char **argv,
		       int (*tell)(char *text));

#endif
