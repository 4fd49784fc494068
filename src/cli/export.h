/* SPDX-License-Identifier: GPL-2.0 */
/* The forms in which pgtag export writes, each in a file of its own. */
#ifndef CLI_EXPORT_H
#define CLI_EXPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "allocinfo.h"
#include "origins.h"

/**
 * struct export - what to write
 * @info: the sites
 * @origins: their source, empty if nobody asked for it
 * @live: they are of this moment
 * @top: how many of them one by one, where there is a limit
 */
struct export {
	struct allocinfo info;
	struct origins origins;
	bool live;
	unsigned long long top;
};

/* metrics.c */
void export_prometheus(FILE *file, const struct export *export);
void export_openmetrics(FILE *file, const struct export *export);
/* pprof.c */
void export_pprof(FILE *file, const struct export *export);
/* folded.c */
void export_folded(FILE *file, const struct export *export);

#endif
