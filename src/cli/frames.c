// SPDX-License-Identifier: GPL-2.0
/*
 * From an address to the functions that are there, each with its line.
 *
 * dwarf_getscopes() goes through a whole compilation unit for each address, and
 * dwarf_getscopes_die() does so again for what is inlined: with ten thousand types in
 * each unit of a kernel, that is nine tenths of the time. So the functions of a unit
 * are listed once, and only the one that has the address is searched. Who asks in order
 * of addresses needs each list once.
 */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "frames.h"
#include "pgtag.h"

/**
 * frames_add - one more function, around those that there are
 * @frames: to add to
 * @file: where its source is
 * @line: the line there
 * @function: its name
 */
void frames_add(struct frames *frames, const char *file, unsigned int line,
		const char *function)
{
	struct frame *frame;

	frames->frame = xrealloc(frames->frame, frames->nr + 1, sizeof(*frame));
	frame = &frames->frame[frames->nr++];
	frame->file = xstrdup(file);
	frame->line = line;
	frame->function = xstrdup(function);
}

/**
 * frames_free - forget them
 * @frames: which
 */
void frames_free(struct frames *frames)
{
	size_t i;

	for (i = 0; i < frames->nr; i++) {
		free(frames->frame[i].function);
		free(frames->frame[i].file);
	}
	free(frames->frame);
	memset(frames, 0, sizeof(*frames));
}

/**
 * frames_equal - do they say the same?
 * @a: some
 * @b: others
 */
bool frames_equal(const struct frames *a, const struct frames *b)
{
	size_t i;

	for (i = 0; i < a->nr && i < b->nr; i++) {
		if (a->frame[i].line != b->frame[i].line ||
		    strcmp(a->frame[i].file, b->frame[i].file) ||
		    strcmp(a->frame[i].function, b->frame[i].function))
			return false;
	}
	return a->nr == b->nr;
}

/* --- a unit and its functions --- */

/**
 * unit_forget - free what is known of a unit
 * @unit: which; knows nothing after that
 */
void unit_forget(struct unit *unit)
{
	free(unit->range);
	memset(unit, 0, sizeof(*unit));
}

/* A function may be in several pieces, of which one is called .cold. */
static int add_function(Dwarf_Die *function, void *context)
{
	struct unit *unit = context;
	Dwarf_Addr base, low, high;
	ptrdiff_t at = 0;

	while ((at = dwarf_ranges(function, at, &base, &low, &high)) > 0) {
		unit->range = xrealloc(unit->range, unit->nr + 1,
				       sizeof(*unit->range));
		unit->range[unit->nr++] = (struct code_range){
			.low = low, .high = high, .function = *function,
		};
	}
	return DWARF_CB_OK;
}

static bool unit_at(struct unit *unit, Dwfl_Module *module, Dwarf_Addr address)
{
	Dwarf_Attribute attribute;
	Dwarf_Addr bias;
	Dwarf_Die *die = dwfl_module_addrdie(module, address, &bias);

	if (!die)
		return false;
	if (die == unit->die)
		return true;
	unit_forget(unit);
	unit->die = die;
	unit->bias = bias;
	unit->build_dir = dwarf_formstring(dwarf_attr(die, DW_AT_comp_dir, &attribute));
	dwarf_getfuncs(die, add_function, unit, 0);
	return true;
}

static Dwarf_Die *function_at(struct unit *unit, Dwarf_Addr address)
{
	size_t i;

	for (i = 0; i < unit->nr; i++) {
		if (address >= unit->range[i].low && address < unit->range[i].high)
			return &unit->range[i].function;
	}
	return NULL;
}

/* --- what is inlined there --- */

/* Calls inside calls inside blocks: no compiler goes so deep. */
#define MOST_SCOPES	256

/* The scopes around an address, the outermost first. */
struct scopes {
	Dwarf_Die die[MOST_SCOPES];
	size_t nr;
};

static bool is_scope(Dwarf_Die *die)
{
	int tag = dwarf_tag(die);

	return tag == DW_TAG_inlined_subroutine || tag == DW_TAG_lexical_block;
}

/* Go one scope inwards, if there is one with the address. */
static bool inner_scope(struct scopes *scopes, Dwarf_Addr address)
{
	Dwarf_Die child;
	int more;

	if (scopes->nr == MOST_SCOPES)
		return false;
	for (more = dwarf_child(&scopes->die[scopes->nr - 1], &child); !more;
	     more = dwarf_siblingof(&child, &child)) {
		if (is_scope(&child) && dwarf_haspc(&child, address) > 0) {
			scopes->die[scopes->nr++] = child;
			return true;
		}
	}
	return false;
}

static bool is_call_to_here(Dwarf_Die *die, Dwarf_Addr after)
{
	Dwarf_Attribute attribute;
	Dwarf_Addr address;
	int tag = dwarf_tag(die);

	return (tag == DW_TAG_call_site || tag == DW_TAG_GNU_call_site) &&
	       (!dwarf_formaddr(dwarf_attr(die, DW_AT_call_return_pc, &attribute),
				&address) ||
		!dwarf_formaddr(dwarf_attr(die, DW_AT_low_pc, &attribute),
				&address)) &&
	       address == after;
}

/* Calls are listed by where they return to, not always in the innermost scope. */
static bool lists_call(Dwarf_Die *scope, Dwarf_Addr after)
{
	Dwarf_Die child;
	int more;

	for (more = dwarf_child(scope, &child); !more;
	     more = dwarf_siblingof(&child, &child)) {
		if (is_call_to_here(&child, after) ||
		    (is_scope(&child) && lists_call(&child, after)))
			return true;
	}
	return false;
}

/*
 * Does a call return there? Of a function that is inlined elsewhere as well, the compiler
 * may list calls where it describes what all copies have in common.
 */
static bool follows_call(Dwarf_Die *function, Dwarf_Addr after)
{
	Dwarf_Attribute attribute;
	Dwarf_Die origin;

	return lists_call(function, after) ||
	       (dwarf_formref_die(dwarf_attr(function, DW_AT_abstract_origin,
					     &attribute), &origin) &&
		lists_call(&origin, after));
}

/* --- files and lines --- */

/*
 * Names of files begin with the directory that the kernel was built in, and may lead
 * from there to its source. What follows is what people call it.
 */
static const char *strip(const char *file, const char *build_dir)
{
	size_t length = build_dir ? strlen(build_dir) : 0;
	const char *at;

	if (length && !strncmp(file, build_dir, length) && file[length] == '/')
		file += length + 1;
	while ((at = strstr(file, "../")))
		file = at + strlen("../");
	while (!strncmp(file, "./", 2))
		file += 2;
	return file;
}

static const char *name_of(Dwarf_Die *die)
{
	const char *name = dwarf_diename(die);

	return name ? name : "?";
}

/* Where a function was inlined. */
static const char *call_line(struct unit *unit, Dwarf_Die *die, Dwarf_Word *line)
{
	Dwarf_Attribute attribute;
	Dwarf_Files *files;
	Dwarf_Word file;

	if (dwarf_formudata(dwarf_attr(die, DW_AT_call_file, &attribute), &file) ||
	    dwarf_formudata(dwarf_attr(die, DW_AT_call_line, &attribute), line) ||
	    dwarf_getsrcfiles(unit->die, &files, NULL))
		return NULL;
	return dwarf_filesrc(files, file, NULL, NULL);
}

/* The line is of the innermost function; each one that is inlined says its caller's. */
static void add_frames(struct frames *frames, struct unit *unit,
		       struct scopes *scopes, const char *file, Dwarf_Word line)
{
	size_t i;

	for (i = scopes->nr; i-- > 0 && file;) {
		if (dwarf_tag(&scopes->die[i]) == DW_TAG_lexical_block)
			continue;
		frames_add(frames, strip(file, unit->build_dir), line,
			   name_of(&scopes->die[i]));
		file = call_line(unit, &scopes->die[i], &line);
	}
}

/**
 * frames_at - find the functions at a return address
 * @frames: result, to be freed
 * @unit: which unit was looked at before, and is now; to be forgotten in the end
 * @module: the kernel or one of its modules
 * @address: where a call returns to
 *
 * Return: whether a call does, and it has a line.
 */
bool frames_at(struct frames *frames, struct unit *unit, Dwfl_Module *module,
	       Dwarf_Addr address)
{
	/* The call itself ends just before. */
	Dwarf_Addr call = address - 1;
	struct scopes scopes = { .nr = 1 };
	Dwarf_Die *function;
	const char *file;
	Dwarf_Line *line;
	int number;

	memset(frames, 0, sizeof(*frames));
	if (!unit_at(unit, module, call))
		return false;
	call -= unit->bias;
	function = function_at(unit, call);
	line = dwarf_getsrc_die(unit->die, call);
	file = line ? dwarf_linesrc(line, NULL, NULL) : NULL;
	if (!function || !file || dwarf_lineno(line, &number))
		return false;
	scopes.die[0] = *function;
	while (inner_scope(&scopes, call))
		;
	if (!follows_call(function, call + 1))
		return false;
	add_frames(frames, unit, &scopes, file, number);
	return frames->nr > 0;
}
