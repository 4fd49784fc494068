/* SPDX-License-Identifier: GPL-2.0 */
/* Subcommands that take files and tell of what is above a limit in them. */
#ifndef CLI_LIMITS_H
#define CLI_LIMITS_H

#include "pgtag.h"

/**
 * struct limits - what is told
 * @min: bytes from which on
 * @lines: how many at most
 */
struct limits {
	unsigned long long min, lines;
};

int run_with_limits(const struct command *command, int argc, char **argv, int most,
		    int (*tell)(char **names, const struct limits *limits));

#endif
