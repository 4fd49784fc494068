/* SPDX-License-Identifier: GPL-2.0 */
/* A file that is there as a whole or as it was before. */
#ifndef CLI_REPLACE_H
#define CLI_REPLACE_H

#include <stdbool.h>
#include <stdio.h>

/**
 * struct replace - a file that is being written
 * @file: write to this
 * @name: what it will be called
 * @temporary: what it is called until then
 */
struct replace {
	FILE *file;
	const char *name;
	char *temporary;
};

bool replace_begin(struct replace *replace, const char *name);
int replace_end(struct replace *replace, int code);

#endif
