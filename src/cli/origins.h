/* SPDX-License-Identifier: GPL-2.0 */
/* The source of all sites and callers of an allocinfo. */
#ifndef CLI_ORIGINS_H
#define CLI_ORIGINS_H

#include <stdbool.h>
#include <stddef.h>

#include "allocinfo.h"
#include "snapshot.h"
#include "symbols.h"

/**
 * struct origins_options - where to look
 * @release: of the kernel, or NULL for what is known of it: by @recorded, and where that
 *	does not know, it is the one that runs here
 * @recorded: the recording that the sites are of, NULL for this machine
 * @debug_dir: where the debug information of kernels is, or NULL for /usr/lib/debug
 * @seconds: that debuginfod servers may take for each file; 0: they are not asked
 */
struct origins_options {
	const char *release;
	const struct snapshot *recorded;
	const char *debug_dir;
	unsigned int seconds;
};

/**
 * struct origins - places and what is there
 * @place: array of @nr, in order once origins_find() was there
 * @nr: how many
 */
struct origins {
	struct place *place;
	size_t nr, room;
};

/* What --help says of the options that origins_option() takes. */
#define ORIGINS_USAGE							\
	"      --release=REL    the kernel it is of, if not the one that was recorded or,\n" \
	"                       of a copy of allocinfo, the one that runs here\n" \
	"      --debug-dir=DIR  where lib/modules/REL is with debug information;\n" \
	"                       /usr/lib/debug if not given\n"	\
	"      --debuginfod[=SECONDS]\n"				\
	"                       ask the servers in $DEBUGINFOD_URLS for what is not\n" \
	"                       there, and wait so long for each file; 60 if not given\n"

bool origins_option(struct origins_options *options, int c, const char *value);
int origins_load(struct origins_options *options, struct snapshot *recorded,
		 struct allocinfo *info, const char *from);
void origins_want(struct origins *origins, const char *module, const char *location);
int origins_find(struct origins *origins, const struct origins_options *options);
const struct place *origins_of(const struct origins *origins, const char *module,
			       const char *location);
void origins_free(struct origins *origins);

#endif
