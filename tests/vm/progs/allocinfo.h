/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What allocinfo has for a function, a place or all, added up.
 */
#ifndef PROGS_ALLOCINFO_H
#define PROGS_ALLOCINFO_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ALLOCINFO	"/sys/kernel/debug/pgtag/allocinfo"

struct sum {
	long long bytes;
	long long calls;
};

static inline int read_allocinfo(char *text, size_t size)
{
	int fd = open(ALLOCINFO, O_RDONLY);
	size_t used = 0;
	ssize_t n;

	if (fd < 0)
		return -1;
	do {
		n = read(fd, text + used, size - 1 - used);
		if (n > 0)
			used += n;
	} while (n > 0);
	close(fd);
	text[used] = '\0';
	return n < 0 ? -1 : 0;
}

/* Does the line, "BYTES CALLS PLACE ... func:FUNCTION ", have this name? */
static inline int is_of(const char *line, const char *end, const char *name)
{
	const char *found = memmem(line, end - line, " func:", 6);
	size_t length = strlen(name);
	char place[256];

	if (!found)
		return 0;
	snprintf(place, sizeof(place), " %s ", name);
	if (memmem(line, found + 1 - line, place, strlen(place)))
		return 1;
	found += 6;
	return (size_t)(end - found) > length &&
	       !strncmp(found, name, length) &&
	       strchr(" .", found[length]);
}

/*
 * Adds up the lines of a function or a place, all lines for NULL. The file is read in one
 * piece, into memory that is there already (the caller has touched all of @text), so
 * that reading it changes no counter of a call site for user memory.
 */
static inline int add_up(const char *name, struct sum *sum, char *text,
			 size_t size)
{
	char *line, *end;

	memset(sum, 0, sizeof(*sum));
	if (read_allocinfo(text, size))
		return -1;
	for (line = text; (end = strchr(line, '\n')); line = end + 1) {
		char *second, *rest;
		long long bytes = strtoll(line, &second, 10);
		long long calls = strtoll(second, &rest, 10);

		if (second == line || rest == second)
			continue;
		if (name && !is_of(line, end, name))
			continue;
		sum->bytes += bytes;
		sum->calls += calls;
	}
	return 0;
}

#endif
