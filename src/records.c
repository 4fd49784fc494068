// SPDX-License-Identifier: GPL-2.0
/*
 * The records of /proc/allocinfo's ioctls are made of the text that its lines have,
 * so the two always agree: "LOCATION[ [MODULE]] func:FUNCTION[ ...]", where a LOCATION
 * is a file and a line, "FILE:LINE", or as much as is known. Plain C, unit tested.
 */
#include <pgtag/records.h>

/* The end of a text that is too long says more than its beginning. */
static void copy_end(char *to, const char *from, size_t length)
{
	if (length >= ALLOCINFO_STR_SIZE) {
		from += length - (ALLOCINFO_STR_SIZE - 1);
		length = ALLOCINFO_STR_SIZE - 1;
	}
	memcpy(to, from, length);
	memset(to + length, 0, ALLOCINFO_STR_SIZE - length);
}

/* The digits after the last colon. Without any the location has no line. */
static size_t line_at(const char *location, size_t length)
{
	size_t at = length;

	while (at && location[at - 1] >= '0' && location[at - 1] <= '9')
		at--;
	return at > 1 && at < length && location[at - 1] == ':' ? at : 0;
}

static void set_location(struct allocinfo_tag *tag, const char *location,
			 size_t length)
{
	size_t at = line_at(location, length);

	copy_end(tag->filename, location, at ? at - 1 : length);
	tag->lineno = 0;
	for (; at && at < length; at++)
		tag->lineno = tag->lineno * 10 + (location[at] - '0');
}

/**
 * pgtag_record_name - the names of a record
 * @tag: every byte of it is set
 * @text: what pgtag_tag_describe() says of the tag
 */
void pgtag_record_name(struct allocinfo_tag *tag, const char *text)
{
	const char *module, *function;

	set_location(tag, text, strcspn(text, " "));
	text += strcspn(text, " ");
	function = strstr(text, " func:");
	module = !strncmp(text, " [", 2) ? text + 2 : "";
	copy_end(tag->modname, module, strcspn(module, "]"));
	function = function ? function + strlen(" func:") : "";
	copy_end(tag->function, function, strcspn(function, " "));
}

/**
 * pgtag_filter_valid - is this a filter that means something?
 * @filter: from a user
 */
bool pgtag_filter_valid(const struct allocinfo_filter *filter)
{
	const u64 sizes = ALLOCINFO_FILTER_MASK_MIN_SIZE |
			  ALLOCINFO_FILTER_MASK_MAX_SIZE;

	if (filter->mask & ~(u64)ALLOCINFO_FILTER_MASKS)
		return false;
	return (filter->mask & sizes) != sizes ||
	       filter->min_size <= filter->max_size;
}

/* A name of a filter may fill its place without a null byte: then none is it. */
static bool is_name(const char *name, const char *wanted)
{
	return !strncmp(name, wanted, ALLOCINFO_STR_SIZE);
}

/**
 * pgtag_filter_passes_tag - do a record's names pass?
 * @filter: a valid filter
 * @tag: from pgtag_record_name()
 */
bool pgtag_filter_passes_tag(const struct allocinfo_filter *filter,
			     const struct allocinfo_tag *tag)
{
	const struct allocinfo_tag *wanted = &filter->fields;
	u64 mask = filter->mask;

	return (!(mask & ALLOCINFO_FILTER_MASK_MODNAME) ||
		is_name(tag->modname, wanted->modname)) &&
	       (!(mask & ALLOCINFO_FILTER_MASK_FUNCTION) ||
		is_name(tag->function, wanted->function)) &&
	       (!(mask & ALLOCINFO_FILTER_MASK_FILENAME) ||
		is_name(tag->filename, wanted->filename)) &&
	       (!(mask & ALLOCINFO_FILTER_MASK_LINENO) ||
		tag->lineno == wanted->lineno);
}

/**
 * pgtag_filter_passes_counter - does what a record's tag owns pass?
 * @filter: a valid filter
 * @counter: of the record
 */
bool pgtag_filter_passes_counter(const struct allocinfo_filter *filter,
				 const struct allocinfo_counter *counter)
{
	u64 mask = filter->mask;

	return (!(mask & ALLOCINFO_FILTER_MASK_INACCURATE) ||
		!filter->inaccurate == !!counter->accurate) &&
	       (!(mask & ALLOCINFO_FILTER_MASK_MIN_SIZE) ||
		counter->bytes >= filter->min_size) &&
	       (!(mask & ALLOCINFO_FILTER_MASK_MAX_SIZE) ||
		counter->bytes <= filter->max_size);
}
