/* SPDX-License-Identifier: GPL-2.0 */
/* Which functions and source lines a return address has, inlined ones and all. */
#ifndef CLI_FRAMES_H
#define CLI_FRAMES_H

#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * struct frame - a function that is at some place in the code
 * @function: its name
 * @file: where its source is, from the root of the kernel's
 * @line: the line there
 */
struct frame {
	char *function;
	char *file;
	unsigned int line;
};

/**
 * struct frames - all functions that are at a place
 * @frame: array of @nr, the innermost first: what is inlined before what it is
 *	inlined in
 * @nr: how many, 0 if that is not known
 */
struct frames {
	struct frame *frame;
	size_t nr;
};

/* A part of a function of a compilation unit. */
struct code_range {
	Dwarf_Addr low, high;
	Dwarf_Die function;
};

/**
 * struct unit - the compilation unit that was last looked at
 * @die: it
 * @bias: of a module's addresses against those in its debug information
 * @range: where its functions are, array of @nr
 * @nr: how many
 * @build_dir: where it was compiled
 */
struct unit {
	Dwarf_Die *die;
	Dwarf_Addr bias;
	struct code_range *range;
	size_t nr;
	const char *build_dir;
};

bool frames_at(struct frames *frames, struct unit *unit, Dwfl_Module *module,
	       Dwarf_Addr address);
bool frames_equal(const struct frames *a, const struct frames *b);
void frames_add(struct frames *frames, const char *file, unsigned int line,
		const char *function);
const struct frame *frames_site(const struct frames *frames);
void frames_free(struct frames *frames);
void unit_forget(struct unit *unit);

#endif
