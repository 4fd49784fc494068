/* SPDX-License-Identifier: GPL-2.0 */
/* The source of all sites and callers of an allocinfo. */
#ifndef CLI_ORIGINS_H
#define CLI_ORIGINS_H

#include <stdbool.h>
#include <stddef.h>

#include "allocinfo.h"
#include "symbols.h"

/**
 * struct origins_options - where to look
 * @live: the sites are of this machine, as it runs
 * @release: of the kernel, or NULL for that which runs here
 * @debug_dir: where the debug information of kernels is, or NULL for /usr/lib/debug
 */
struct origins_options {
	bool live;
	const char *release;
	const char *debug_dir;
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

void origins_want(struct origins *origins, const char *module, const char *location);
int origins_find(struct origins *origins, const struct origins_options *options);
const struct place *origins_of(const struct origins *origins, const char *module,
			       const char *location);
void origins_free(struct origins *origins);

#endif
