// SPDX-License-Identifier: GPL-2.0
/*
 * Messages, memory and numbers. Nothing here depends on the locale: the tool never
 * sets one.
 */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "pgtag.h"

/**
 * complain - print a message to stderr, with the program's name
 * @format: of the message, without a newline
 */
void complain(const char *format, ...)
{
	va_list args;

	/* First what came before it. */
	fflush(stdout);
	va_start(args, format);
	fputs("pgtag: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
}

/**
 * usage_error - say where to find how it is used
 * @command: the subcommand, called in a wrong way
 *
 * Return: the exit code.
 */
int usage_error(const struct command *command)
{
	complain("see pgtag %s --help", command->name);
	return EXIT_USAGE;
}

/**
 * usage_wanted - answer --help
 * @command: the subcommand
 *
 * Return: the exit code.
 */
int usage_wanted(const struct command *command)
{
	printf("pgtag %s - %s\n\n%s", command->name, command->summary,
	       command->usage);
	return EXIT_OK;
}

/**
 * finish_output - find out whether all that was printed has been written
 * @file: where to; stays open
 * @name: of it, for the message
 * @code: the exit code so far
 *
 * Return: @code, or EXIT_OUTPUT.
 */
int finish_output(FILE *file, const char *name, int code)
{
	errno = 0;
	if (!fflush(file) && !ferror(file))
		return code;
	/* Whoever reads has enough; no more than that. */
	if (errno != EPIPE)
		complain("%s: %s", name, strerror(errno ? errno : EIO));
	return EXIT_OUTPUT;
}

/**
 * xrealloc - memory for an array, or the end of the program
 * @old: what it has, or NULL
 * @nr: how many are wanted
 * @size: of one
 */
void *xrealloc(void *old, size_t nr, size_t size)
{
	void *new = reallocarray(old, nr ? nr : 1, size);

	if (!new) {
		complain("no memory");
		exit(EXIT_NO_DATA);
	}
	return new;
}

/**
 * xstrdup - a copy of a text, or the end of the program
 * @text: to copy
 */
char *xstrdup(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(xrealloc(NULL, size, 1), text, size);
}

/* Digits alone: no sign, no blank, no overflow. Returns what follows them. */
static const char *take_digits(const char *text, unsigned long long *value)
{
	const char *p = text;

	for (*value = 0; *p >= '0' && *p <= '9'; p++) {
		if (__builtin_mul_overflow(*value, 10ULL, value) ||
		    __builtin_add_overflow(*value, *p - '0', value))
			return NULL;
	}
	return p == text ? NULL : p;
}

/**
 * parse_count - read a number
 * @text: digits, nothing else
 * @value: result
 */
bool parse_count(const char *text, unsigned long long *value)
{
	const char *end = take_digits(text, value);

	return end && !*end;
}

/**
 * parse_size - read a number of bytes
 * @text: digits, and perhaps one of K, M, G, T for that many of 1024
 * @value: result, at most LLONG_MAX
 */
bool parse_size(const char *text, unsigned long long *value)
{
	static const char units[] = "KMGT";
	const char *end = take_digits(text, value);
	const char *unit;

	if (!end)
		return false;
	if (*end) {
		unit = strchr(units, *end & ~0x20);
		if (!unit || !*unit || end[1] ||
		    __builtin_mul_overflow(*value, 1ULL << (10 * (unit - units + 1)),
					   value))
			return false;
	}
	return *value <= LLONG_MAX;
}

static const char *format(char *buffer, long long bytes, const char *sign)
{
	static const char * const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB" };
	double value = bytes < 0 ? -(double)bytes : bytes;
	size_t unit = 0;

	while (value >= 1024 && unit < ARRAY_SIZE(units) - 1) {
		value /= 1024;
		unit++;
	}
	snprintf(buffer, SIZE_TEXT, "%s%.*f %s", sign, unit ? 1 : 0, value,
		 units[unit]);
	return buffer;
}

/**
 * format_size - write a size as people read it
 * @buffer: of SIZE_TEXT bytes
 * @bytes: the size
 *
 * Return: @buffer.
 */
const char *format_size(char *buffer, long long bytes)
{
	return format(buffer, bytes, bytes < 0 ? "-" : "");
}

/**
 * format_change - write how much something changed
 * @buffer: of SIZE_TEXT bytes
 * @bytes: by how many
 *
 * Return: @buffer.
 */
const char *format_change(char *buffer, long long bytes)
{
	return format(buffer, bytes, bytes < 0 ? "-" : bytes ? "+" : "");
}
