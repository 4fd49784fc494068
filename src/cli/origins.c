// SPDX-License-Identifier: GPL-2.0
/*
 * From call sites by name to their source: each is looked for once, in what was found
 * the last time, then in the symbols of its module, if they are of the same build.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "line_cache.h"
#include "pgtag.h"
#include "progress.h"
#include "running.h"
#include "origins.h"

/* "symbol+0xoffset"; the symbol is to be freed. What has a line already is none. */
static bool parse_location(struct place *place, const char *location)
{
	const char *plus = strrchr(location, '+');
	char *end;

	if (!plus || plus == location || strncmp(plus, "+0x", 3))
		return false;
	place->offset = strtoul(plus + 3, &end, 16);
	if (end == plus + 3 || *end)
		return false;
	place->symbol = strndup(location, plus - location);
	return place->symbol;
}

static int by_place(const void *a, const void *b)
{
	const struct place *left = a, *right = b;
	int order = strcmp(left->module, right->module);

	if (!order)
		order = strcmp(left->symbol, right->symbol);
	return order ? order : (left->offset > right->offset) -
			       (left->offset < right->offset);
}

/* A kernel's file is large. */
#define SECONDS	60

/**
 * origins_option - take one of the options that say where to look
 * @options: result
 * @c: which one: r for --release, d for --debug-dir, u for --debuginfod
 * @value: of it
 *
 * Return: false if it is none of these, or has a wrong value.
 */
bool origins_option(struct origins_options *options, int c, const char *value)
{
	unsigned long long seconds = SECONDS;

	switch (c) {
	case 'r':
		options->release = value;
		return true;
	case 'd':
		options->debug_dir = value;
		return true;
	case 'u':
		if (value && (!parse_count(value, &seconds) || !seconds || seconds > 3600))
			return false;
		options->seconds = seconds;
		return true;
	default:
		return false;
	}
}

/**
 * origins_want - look for a site as well
 * @origins: what is wanted so far; all zero at first
 * @module: where it is, "" for the kernel itself
 * @location: of it; nothing is done for one that is a line
 */
void origins_want(struct origins *origins, const char *module, const char *location)
{
	struct place place = { };

	if (!parse_location(&place, location))
		return;
	place.module = xstrdup(module);
	if (origins->nr == origins->room) {
		origins->room = 2 * origins->room + 256;
		origins->place = xrealloc(origins->place, origins->room, sizeof(place));
	}
	origins->place[origins->nr++] = place;
}

static void free_place(struct place *place)
{
	free(place->module);
	free(place->symbol);
	frames_free(&place->frames);
}

/* The same site has several tags, and is in many paths. */
static void remove_doubles(struct origins *origins)
{
	size_t i, nr = 0;

	if (origins->nr)
		qsort(origins->place, origins->nr, sizeof(*origins->place), by_place);
	for (i = 0; i < origins->nr; i++) {
		if (nr && !by_place(&origins->place[nr - 1], &origins->place[i]))
			free_place(&origins->place[i]);
		else
			origins->place[nr++] = origins->place[i];
	}
	origins->nr = nr;
}

/* --- module by module --- */

enum outcome {
	FOUND,		/* all that there is */
	NO_SYMBOLS,
	OTHER_BUILD,	/* there are symbols, but not of what ran */
};

/* A module, and its places that are not known yet. */
struct group {
	const char *module;
	struct place **place;
	size_t nr;
	bool some;		/* others are */
	char id[BUILD_ID_TEXT];	/* "" if that is not known */
	enum outcome outcome;
};

struct groups {
	struct group *group;
	size_t nr;
};

static struct groups make_groups(struct origins *origins)
{
	struct groups groups = { };
	struct group *group = NULL;
	size_t i;

	for (i = 0; i < origins->nr; i++) {
		struct place *place = &origins->place[i];

		if (!group || strcmp(group->module, place->module)) {
			groups.group = xrealloc(groups.group, groups.nr + 1,
						sizeof(*group));
			group = &groups.group[groups.nr++];
			*group = (struct group){ .module = place->module };
		}
		group->place = xrealloc(group->place, group->nr + 1,
					sizeof(*group->place));
		group->place[group->nr++] = place;
	}
	return groups;
}

static void free_groups(struct groups *groups)
{
	size_t i;

	for (i = 0; i < groups->nr; i++)
		free(groups->group[i].place);
	free(groups->group);
}

static void look_in_cache(struct group *group)
{
	size_t i, nr = 0;

	line_cache_load(group->id, group->place, group->nr);
	for (i = 0; i < group->nr; i++) {
		if (!group->place[i]->known)
			group->place[nr++] = group->place[i];
	}
	group->some = nr < group->nr;
	group->nr = nr;
}

/* It becomes the name of a file, and a recording may say anything. */
static bool take_id(char *id, const char *text)
{
	size_t length = strspn(text, "0123456789abcdef");

	if (!length || length >= BUILD_ID_TEXT || (text[length] && text[length] != '\n'))
		return false;
	memcpy(id, text, length);
	id[length] = '\0';
	return true;
}

/* Of a module it is on a line "NAME BUILD-ID". */
static bool recorded_build_id(const struct snapshot *recorded, const char *module, char *id)
{
	size_t length = strlen(module);
	const char *line;

	if (!length)
		return recorded->build_id && take_id(id, recorded->build_id);
	for (line = recorded->modules; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, module, length) && line[length] == ' ')
			return take_id(id, line + length + 1);
	}
	return false;
}

/* What is not known here is found out when files are opened. */
static void look_at_builds(struct groups *groups, const struct snapshot *recorded)
{
	size_t i;

	for (i = 0; i < groups->nr; i++) {
		struct group *group = &groups->group[i];

		if (recorded ? recorded_build_id(recorded, group->module, group->id) :
			       running_build_id(group->module, group->id))
			look_in_cache(group);
	}
}

static void look_in_symbols(struct group *group, struct symbols *symbols)
{
	char id[BUILD_ID_TEXT];

	group->outcome = NO_SYMBOLS;
	if (!symbols_build_id(symbols, group->module, id))
		return;
	if (!*group->id) {
		memcpy(group->id, id, sizeof(id));
		look_in_cache(group);
	} else if (strcmp(group->id, id)) {
		group->outcome = OTHER_BUILD;
		return;
	}
	if (group->nr) {
		if (!symbols_resolve(symbols, group->module, group->place, group->nr))
			return;
		line_cache_add(group->id, group->place, group->nr);
	}
	group->outcome = FOUND;
}

static size_t count_places(const struct groups *groups)
{
	size_t i, nr = 0;

	for (i = 0; i < groups->nr; i++)
		nr += groups->group[i].nr;
	return nr;
}

static void open_symbols(struct groups *groups, struct symbols_options *options)
{
	struct symbols *symbols;
	size_t i;

	options->modules = xrealloc(NULL, groups->nr, sizeof(*options->modules));
	options->id = "";
	for (i = 0; i < groups->nr; i++) {
		struct group *group = &groups->group[i];

		if (!group->nr)
			continue;
		options->modules[options->nr++] = group->module;
		if (!*group->module)
			options->id = group->id;
	}
	if (options->nr) {
		progress_begin("looking for lines", count_places(groups));
		symbols = symbols_open(options);
		for (i = 0; i < groups->nr; i++) {
			if (groups->group[i].nr)
				look_in_symbols(&groups->group[i], symbols);
		}
		symbols_close(symbols);
		progress_end();
	}
	free(options->modules);
}

/* Without those of the kernel there is next to nothing, unless much is known already. */
static int judge(const struct groups *groups, const char *release, bool recorded)
{
	int code = EXIT_OK;
	size_t i;

	for (i = 0; i < groups->nr; i++) {
		const struct group *group = &groups->group[i];

		if (group->outcome == OTHER_BUILD)
			complain("%s: its symbols are of another build than what %s",
				 *group->module ? group->module : "the kernel",
				 recorded ? "was recorded" : "runs");
		if (group->outcome == NO_SYMBOLS && *group->module)
			complain("no symbols of module %s", group->module);
		else if (group->outcome == NO_SYMBOLS)
			say_how_to_get_symbols(release);
		if (group->outcome != FOUND && !*group->module && !group->some)
			code = EXIT_NO_DATA;
	}
	return code;
}

/**
 * origins_load - read sites, and look where they are from; say so if that fails
 * @options: where to look; @recorded is what it is given
 * @recorded: empty; result, to be freed, what a recording says of its machine
 * @info: result, the sites; nothing to be freed in both on error
 * @from: as for snapshot_load()
 *
 * Return: an exit code.
 */
int origins_load(struct origins_options *options, struct snapshot *recorded,
		 struct allocinfo *info, const char *from)
{
	options->recorded = from ? recorded : NULL;
	/* What else there is to be known of this machine is not needed. */
	return from ? snapshot_load(recorded, info, from) : allocinfo_load(info, NULL);
}

/* A copy of allocinfo alone knows nothing of its kernel. */
static const struct snapshot *with_release(const struct snapshot *recorded)
{
	return recorded && recorded->release && *recorded->release ? recorded : NULL;
}

/* It becomes a part of a path, and of a command that people are told to run. */
static bool is_release(const char *text)
{
	const char *at;

	for (at = text; *at; at++) {
		if (!isalnum((unsigned char)*at) && !strchr("._+~-", *at))
			return false;
	}
	return at > text && *text != '.';
}

/**
 * origins_find - look for all that is wanted
 * @origins: from origins_want()
 * @options: where
 *
 * Return: an exit code, EXIT_NO_DATA if there are no symbols of the kernel, or they are
 * of another build.
 */
int origins_find(struct origins *origins, const struct origins_options *options)
{
	const struct snapshot *recorded = with_release(options->recorded);
	char *running = running_release();
	struct symbols_options where = {
		.release = options->release ? options->release :
			   recorded ? recorded->release : running,
		.debug_dir = options->debug_dir ? options->debug_dir : "/usr/lib/debug",
		.seconds = options->seconds,
	};
	struct groups groups;
	int code;

	if (!is_release(where.release)) {
		complain("%s: no release of a kernel", where.release);
		free(running);
		return EXIT_INPUT;
	}
	remove_doubles(origins);
	groups = make_groups(origins);
	if (!options->release)
		look_at_builds(&groups, recorded);
	open_symbols(&groups, &where);
	code = judge(&groups, where.release, recorded);
	free_groups(&groups);
	free(running);
	return code;
}

/**
 * origins_of - what was found of a site
 * @origins: after origins_find()
 * @module: where it is
 * @location: as it was given to origins_want()
 *
 * Return: its place, NULL if @location is none.
 */
const struct place *origins_of(const struct origins *origins, const char *module,
			       const char *location)
{
	struct place key = { };
	const struct place *place;

	if (!origins->nr || !parse_location(&key, location))
		return NULL;
	key.module = (char *)module;
	place = bsearch(&key, origins->place, origins->nr, sizeof(key), by_place);
	free(key.symbol);
	return place;
}

/**
 * origins_free - forget them
 * @origins: which
 */
void origins_free(struct origins *origins)
{
	size_t i;

	for (i = 0; i < origins->nr; i++)
		free_place(&origins->place[i]);
	free(origins->place);
	memset(origins, 0, sizeof(*origins));
}
