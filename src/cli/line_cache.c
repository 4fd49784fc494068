// SPDX-License-Identifier: GPL-2.0
/*
 * A file for each build of the kernel or a module, with a line for each site that was
 * looked for:
 *
 *	symbol offset [file:line:function]...
 *
 * The frames are those of struct frames, none where nothing was found. What cannot be
 * read is as good as not there, and what cannot be written is found again the next
 * time, so nothing here is an error.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "allocinfo.h"
#include "line_cache.h"
#include "pgtag.h"
#include "replace.h"

/* With the version of the format. */
#define DIRECTORY	"pgtag/lines-1"

/* The name of a build's file, to be freed, or NULL. */
static char *name_of(const char *id)
{
	const char *base = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");
	char *name = NULL;

	/* What is not absolute is to be ignored, says who specified it. */
	if (base && *base == '/') {
		if (asprintf(&name, "%s/" DIRECTORY "/%s", base, id) < 0)
			return NULL;
	} else if (home && *home == '/') {
		if (asprintf(&name, "%s/.cache/" DIRECTORY "/%s", home, id) < 0)
			return NULL;
	}
	return name;
}

static void make_directories(char *name)
{
	char *slash = name;

	while ((slash = strchr(slash + 1, '/'))) {
		*slash = '\0';
		mkdir(name, 0700);
		*slash = '/';
	}
}

static int by_site(const void *a, const void *b)
{
	const struct place *const *left = a, *const *right = b;
	int order = strcmp((*left)->symbol, (*right)->symbol);

	if (order)
		return order;
	return ((*left)->offset > (*right)->offset) -
	       ((*left)->offset < (*right)->offset);
}

/* "file:line:function"; files may have colons, functions do not. */
static bool take_frame(struct frames *frames, char *word)
{
	char *function = strrchr(word, ':'), *line;
	unsigned long long number;

	if (!function || function == word)
		return false;
	*function++ = '\0';
	line = strrchr(word, ':');
	if (!line || line == word)
		return false;
	*line++ = '\0';
	if (!*function || !parse_count(line, &number))
		return false;
	frames_add(frames, word, number, function);
	return true;
}

/* A site as the file has it, NULL if it is not one of those that are wanted. */
static struct place *find(struct place *const *places, size_t nr, char *line,
			  char **rest)
{
	const char *offset;
	struct place key = { .symbol = strtok_r(line, " ", rest) };
	const struct place *at = &key;
	struct place *const *found;

	offset = key.symbol ? strtok_r(NULL, " ", rest) : NULL;
	if (!offset)
		return NULL;
	key.offset = strtoul(offset, NULL, 0);
	found = bsearch(&at, places, nr, sizeof(*places), by_site);
	return found ? *found : NULL;
}

static void take_line(struct place *const *places, size_t nr, char *line)
{
	char *rest = NULL, *word;
	struct place *place = find(places, nr, line, &rest);

	if (!place || place->known)
		return;
	place->known = true;
	while ((word = strtok_r(NULL, " ", &rest))) {
		if (!take_frame(&place->frames, word)) {
			frames_free(&place->frames);
			place->known = false;
			return;
		}
	}
}

/**
 * line_cache_load - find what is known already
 * @id: the build-id of a module
 * @places: sites in it, which will be in order
 * @nr: how many
 */
void line_cache_load(const char *id, struct place **places, size_t nr)
{
	char *name = name_of(id), *text, *line, *rest;
	size_t length;

	text = name ? read_whole(name, &length) : NULL;
	free(name);
	if (!text)
		return;
	qsort(places, nr, sizeof(*places), by_site);
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		take_line(places, nr, line);
	free(text);
}

static void print(FILE *file, const struct place *place)
{
	size_t i;

	fprintf(file, "%s 0x%lx", place->symbol, place->offset);
	for (i = 0; i < place->frames.nr; i++)
		fprintf(file, " %s:%u:%s", place->frames.frame[i].file,
			place->frames.frame[i].line, place->frames.frame[i].function);
	putc('\n', file);
}

/**
 * line_cache_add - keep what was found
 * @id: the build-id of a module
 * @places: sites in it that were looked for and not in the file before
 * @nr: how many
 */
void line_cache_add(const char *id, struct place *const *places, size_t nr)
{
	struct replace replace;
	char *name = name_of(id), *old;
	size_t length, i;

	if (!name)
		return;
	make_directories(name);
	old = read_whole(name, &length);
	if (replace_begin(&replace, name)) {
		if (old)
			fputs(old, replace.file);
		for (i = 0; i < nr; i++)
			print(replace.file, places[i]);
		replace_end(&replace, EXIT_OK);
	}
	free(old);
	free(name);
}
