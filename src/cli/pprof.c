// SPDX-License-Identifier: GPL-2.0
/*
 * A profile for pprof and what reads the same: profile.proto, packed by gzip. Texts,
 * functions, modules and places are each there once and known by their number.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#include "export.h"
#include "pgtag.h"
#include "profile.pb-c.h"
#include "stack.h"

/* Messages of one kind, in the order of their numbers. */
struct list {
	void **message;
	size_t nr, room;
};

struct builder {
	const struct origins *origins;
	struct list strings, functions, mappings, locations, samples;
	void *numbers;		/* a tree of struct number */
};

static void append(struct list *list, void *message)
{
	if (list->nr == list->room) {
		list->room = 2 * list->room + 64;
		list->message = xrealloc(list->message, list->room,
					 sizeof(*list->message));
	}
	list->message[list->nr++] = message;
}

/* --- what is there once --- */

/* The number that something has, by a text that nothing else has. */
struct number {
	char *key;
	size_t number;
};

static int by_key(const void *a, const void *b)
{
	const struct number *left = a, *right = b;

	return strcmp(left->key, right->key);
}

static void free_number(void *number)
{
	free(((struct number *)number)->key);
	free(number);
}

/* What @key has, or 0 if it is seen for the first time: then it has @next from now on. */
static size_t number_of(struct builder *builder, char *key, size_t next)
{
	struct number *new = xrealloc(NULL, 1, sizeof(*new)), **found;

	*new = (struct number){ .key = key, .number = next };
	found = tsearch(new, &builder->numbers, by_key);
	if (!found) {
		complain("no memory");
		exit(EXIT_NO_DATA);
	}
	if (*found == new)
		return 0;
	free(key);
	free(new);
	return (*found)->number;
}

/* A text of several, with a letter for what it is the key of. */
static char *key(char kind, const char *a, const char *b)
{
	char *text;

	if (asprintf(&text, "%c%s\n%s", kind, a, b) < 0) {
		complain("no memory");
		exit(EXIT_NO_DATA);
	}
	return text;
}

/* The empty one is the first, and has 0. */
static int64_t string(struct builder *builder, const char *text)
{
	size_t number;

	if (!*text)
		return 0;
	number = number_of(builder, key('s', text, ""), builder->strings.nr);
	if (number)
		return number;
	append(&builder->strings, xstrdup(text));
	return builder->strings.nr - 1;
}

static uint64_t function(struct builder *builder, const char *name, const char *file)
{
	size_t number = number_of(builder, key('f', name, file), builder->functions.nr + 1);
	Perftools__Profiles__Function *new;

	if (number)
		return number;
	new = xrealloc(NULL, 1, sizeof(*new));
	perftools__profiles__function__init(new);
	new->id = builder->functions.nr + 1;
	new->name = string(builder, name);
	new->system_name = new->name;
	new->filename = string(builder, file);
	append(&builder->functions, new);
	return new->id;
}

/* That there are functions keeps pprof from looking for them itself. */
static uint64_t mapping(struct builder *builder, const char *module)
{
	size_t number = number_of(builder, key('m', module, ""), builder->mappings.nr + 1);
	Perftools__Profiles__Mapping *new;

	if (number)
		return number;
	new = xrealloc(NULL, 1, sizeof(*new));
	perftools__profiles__mapping__init(new);
	new->id = builder->mappings.nr + 1;
	new->filename = string(builder, *module ? module : "vmlinux");
	new->has_functions = true;
	new->has_filenames = true;
	new->has_line_numbers = true;
	new->has_inline_frames = true;
	append(&builder->mappings, new);
	return new->id;
}

/* --- places --- */

static void add_line(struct builder *builder, Perftools__Profiles__Location *location,
		     const char *name, const char *file, int64_t number)
{
	Perftools__Profiles__Line *line = xrealloc(NULL, 1, sizeof(*line));

	perftools__profiles__line__init(line);
	line->function_id = function(builder, name, file);
	line->line = number;
	location->line = xrealloc(location->line, location->n_line + 1,
				  sizeof(*location->line));
	location->line[location->n_line++] = line;
}

/* A location that is a line already, "file:line", has a file and no offset. */
static void add_plain_line(struct builder *builder, Perftools__Profiles__Location *location,
			   const struct stack_frame *frame)
{
	const char *colon = strrchr(frame->location, ':');
	unsigned long long number = 0;
	char *file;

	if (!colon || !parse_count(colon + 1, &number)) {
		add_line(builder, location, frame->function, "", 0);
		return;
	}
	file = strndup(frame->location, colon - frame->location);
	add_line(builder, location, frame->function, file ? file : "", number);
	free(file);
}

static void add_lines(struct builder *builder, Perftools__Profiles__Location *location,
		      const struct stack_frame *frame)
{
	const struct place *place = origins_of(builder->origins, frame->module,
					       frame->location);
	const struct frame *at = place ? frames_site(&place->frames) : NULL;

	if (!at) {
		add_plain_line(builder, location, frame);
		return;
	}
	for (; at < place->frames.frame + place->frames.nr; at++)
		add_line(builder, location, at->function, at->file, at->line);
}

static uint64_t location(struct builder *builder, const struct stack_frame *frame)
{
	char *place = key('l', frame->location, frame->function);
	size_t number = number_of(builder, key('l', frame->module, place),
				  builder->locations.nr + 1);
	Perftools__Profiles__Location *new;

	free(place);
	if (number)
		return number;
	new = xrealloc(NULL, 1, sizeof(*new));
	perftools__profiles__location__init(new);
	new->id = builder->locations.nr + 1;
	new->mapping_id = mapping(builder, frame->module);
	add_lines(builder, new, frame);
	append(&builder->locations, new);
	return new->id;
}

/* --- the profile --- */

static void add_sample(struct builder *builder, const struct site *site)
{
	Perftools__Profiles__Sample *sample = xrealloc(NULL, 1, sizeof(*sample));
	struct stack stack = stack_of(site);
	size_t i;

	perftools__profiles__sample__init(sample);
	sample->n_location_id = stack.nr;
	sample->location_id = xrealloc(NULL, stack.nr, sizeof(*sample->location_id));
	for (i = 0; i < stack.nr; i++)
		sample->location_id[i] = location(builder, &stack.frame[i]);
	sample->n_value = 2;
	sample->value = xrealloc(NULL, sample->n_value, sizeof(*sample->value));
	sample->value[0] = site->calls;
	sample->value[1] = site->bytes;
	append(&builder->samples, sample);
	stack_free(&stack);
}

static void write_packed(FILE *file, Perftools__Profiles__Profile *profile)
{
	size_t size = perftools__profiles__profile__get_packed_size(profile);
	uint8_t *plain = xrealloc(NULL, size, 1), *packed;
	z_stream stream = { .next_in = plain, .avail_in = size };
	size_t room;

	perftools__profiles__profile__pack(profile, plain);
	/* 15 bits of window, and 16 for the head of gzip. */
	if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8,
			 Z_DEFAULT_STRATEGY) != Z_OK) {
		complain("no memory");
		exit(EXIT_NO_DATA);
	}
	room = deflateBound(&stream, size);
	packed = xrealloc(NULL, room, 1);
	stream.next_out = packed;
	stream.avail_out = room;
	deflate(&stream, Z_FINISH);
	fwrite(packed, 1, room - stream.avail_out, file);
	deflateEnd(&stream);
	free(packed);
	free(plain);
}

static void add_type(struct builder *builder, struct list *types, const char *type,
		     const char *unit)
{
	Perftools__Profiles__ValueType *new = xrealloc(NULL, 1, sizeof(*new));

	perftools__profiles__value_type__init(new);
	new->type = string(builder, type);
	new->unit = string(builder, unit);
	append(types, new);
}

/* In words that pprof knows from profiles of heaps. All is the profile's, then. */
static Perftools__Profiles__Profile *make_profile(struct builder *builder, bool live)
{
	Perftools__Profiles__Profile *profile = xrealloc(NULL, 1, sizeof(*profile));
	struct list types = { };

	perftools__profiles__profile__init(profile);
	add_type(builder, &types, "inuse_objects", "count");
	add_type(builder, &types, "inuse_space", "bytes");
	profile->sample_type = (void *)types.message;
	profile->n_sample_type = types.nr;
	profile->default_sample_type = string(builder, "inuse_space");
	profile->comment = xrealloc(NULL, 1, sizeof(*profile->comment));
	profile->comment[0] = string(builder, "pgtag " PGTAG_VERSION);
	profile->n_comment = 1;
	profile->time_nanos = live ? time(NULL) * 1000000000LL : 0;
	profile->sample = (void *)builder->samples.message;
	profile->n_sample = builder->samples.nr;
	profile->mapping = (void *)builder->mappings.message;
	profile->n_mapping = builder->mappings.nr;
	profile->location = (void *)builder->locations.message;
	profile->n_location = builder->locations.nr;
	profile->function = (void *)builder->functions.message;
	profile->n_function = builder->functions.nr;
	profile->string_table = (void *)builder->strings.message;
	profile->n_string_table = builder->strings.nr;
	return profile;
}

/**
 * export_pprof - write a profile
 * @file: where to
 * @export: what
 *
 * Objects lie in pages of other sites, and are left out.
 */
void export_pprof(FILE *file, const struct export *export)
{
	struct builder builder = { .origins = &export->origins };
	Perftools__Profiles__Profile *profile;
	size_t i;

	append(&builder.strings, xstrdup(""));
	for (i = 0; i < export->info.nr; i++) {
		const struct site *site = &export->info.sites[i];

		if (site->bytes > 0 && !site_has_objects(site))
			add_sample(&builder, site);
	}
	profile = make_profile(&builder, export->live);
	write_packed(file, profile);
	perftools__profiles__profile__free_unpacked(profile, NULL);
	tdestroy(builder.numbers, free_number);
}
