// SPDX-License-Identifier: GPL-2.0
/*
 * The options of subcommands that take files and tell of what is above a limit in them.
 */
#include <getopt.h>

#include "limits.h"

#define LINES	20

/**
 * run_with_limits - a subcommand whose options are --min and --lines
 * @command: the subcommand
 * @argc: as of main()
 * @argv: as of main()
 * @most: how many files it takes; one at least
 * @tell: what it does with their names, after which there is a NULL; returns an exit code
 *
 * Return: an exit code.
 */
int run_with_limits(const struct command *command, int argc, char **argv, int most,
		    int (*tell)(char **names, const struct limits *limits))
{
	static const struct option options[] = {
		{ "min", required_argument, NULL, 'm' },
		{ "lines", required_argument, NULL, 'n' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	struct limits limits = { .lines = LINES };
	bool good = true;
	int c;

	while (good && (c = getopt_long(argc, argv, "m:n:h", options, NULL)) != -1) {
		switch (c) {
		case 'm':
			good = parse_size(optarg, &limits.min);
			break;
		case 'n':
			good = parse_count(optarg, &limits.lines) && limits.lines;
			break;
		case 'h':
			return usage_wanted(command);
		default:
			good = false;
		}
	}
	if (!good || argc - optind < 1 || argc - optind > most)
		return usage_error(command);
	return tell(argv + optind, &limits);
}
