/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the tool share: subcommands, exit codes, small helpers. */
#ifndef CLI_PGTAG_H
#define CLI_PGTAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define ARRAY_SIZE(x)	(sizeof(x) / sizeof((x)[0]))

/* Where the module has its files, and where it and the kernel itself have one. */
#define PGTAG_DIR	"/sys/kernel/debug/pgtag"
#define PROC_ALLOCINFO	"/proc/allocinfo"
#define PROC_SWITCH	"/proc/sys/vm/mem_profiling"

/* Exit codes; pgtag(8) has them too. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_NO = 1,		/* the answer is no: something is wrong or differs */
	EXIT_USAGE = 2,
	EXIT_INPUT = 3,		/* malformed input */
	EXIT_NO_DATA = 4,	/* nothing to read: not root, not loaded, no such file */
	EXIT_OUTPUT = 5,	/* could not write */
};

/**
 * struct command - a subcommand
 * @name: what it is called
 * @summary: in a few words
 * @usage: what --help prints: a synopsis, options, an example
 * @run: as main(), with the name of the subcommand in argv[0]; returns an exit_code
 */
struct command {
	const char *name;
	const char *summary;
	const char *usage;
	int (*run)(int argc, char **argv);
};

/* util.c */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
int usage_error(const struct command *command);
int usage_wanted(const struct command *command);
int finish_output(FILE *file, const char *name, int code);
void *xrealloc(void *old, size_t nr, size_t size);
char *xstrdup(const char *text);
bool parse_count(const char *text, unsigned long long *value);
bool parse_size(const char *text, unsigned long long *value);

/* No machine has more bytes, and sums of some of them are far from overflowing. */
#define MOST_BYTES	(1ULL << 54)

/* Neither a terminal obeys it nor is it beyond ASCII, where are commands, too (C1). */
static inline bool is_printable(char c)
{
	return c >= ' ' && c <= '~';
}

/* Room for what format_size() writes. */
#define SIZE_TEXT	24
const char *format_size(char *buffer, long long bytes);
const char *format_change(char *buffer, long long bytes);

#endif
