/* SPDX-License-Identifier: GPL-2.0 */
/* A kernel's symbols and debug information: from a call site to its source. */
#ifndef CLI_SYMBOLS_H
#define CLI_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>

#include "frames.h"

/* In bytes; most are of 20. */
#define BUILD_ID_MOST	64
/* Room for one in hex. */
#define BUILD_ID_TEXT	(2 * BUILD_ID_MOST + 1)

/**
 * struct place - a call site as allocinfo has it, and what is there
 * @module: where it is, "" for the kernel itself
 * @symbol: of "symbol+0xoffset"
 * @offset: of that
 * @frames: result
 * @known: it has been looked for, and @frames is all that there is
 * @ambiguous: there are several such sites, of different lines
 */
struct place {
	char *module;
	char *symbol;
	unsigned long offset;
	struct frames frames;
	bool known;
	bool ambiguous;
};

/**
 * struct symbols_options - what to open
 * @release: of the kernel
 * @debug_dir: where lib/modules/@release with debug information is, as in
 *	/usr/lib/debug
 * @id: build-id of the kernel, "" if that is not known
 * @seconds: that debuginfod servers may take for each file; 0: they are not asked
 * @modules: which modules, "" for the kernel itself; array of @nr
 * @nr: how many
 */
struct symbols_options {
	const char *release;
	const char *debug_dir;
	const char *id;
	unsigned int seconds;
	const char **modules;
	size_t nr;
};

struct symbols;

struct symbols *symbols_open(const struct symbols_options *options);
void symbols_close(struct symbols *symbols);
bool symbols_build_id(struct symbols *symbols, const char *module, char *id);
bool symbols_resolve(struct symbols *symbols, const char *module,
		     struct place **places, size_t nr);

#endif
