// SPDX-License-Identifier: GPL-2.0
/*
 * pgtag audit: do the counters agree with the memory map?
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "allocinfo.h"
#include "commands.h"

/* The last line is the verdict. */
static int verdict(const char *text)
{
	const char *last = strstr(text, "audit: ");
	const char *next;

	while (last && (next = strstr(last + 1, "audit: ")))
		last = next;
	if (!last) {
		complain("no verdict in it: is that the module's file audit?");
		return EXIT_INPUT;
	}
	return strcmp(last, "audit: ok\n") ? EXIT_NO : EXIT_OK;
}

static int run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "input", required_argument, NULL, 'i' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	const char *from = NULL;
	char *text;
	int c, code;

	while ((c = getopt_long(argc, argv, "i:h", options, NULL)) != -1) {
		switch (c) {
		case 'i':
			from = optarg;
			break;
		case 'h':
			return usage_wanted(&command_audit);
		default:
			return usage_error(&command_audit);
		}
	}
	if (optind < argc)
		return usage_error(&command_audit);
	text = read_module_file("audit", from);
	if (!text)
		return EXIT_NO_DATA;
	fputs(text, stdout);
	code = verdict(text);
	free(text);
	return code;
}

const struct command command_audit = {
	.name = "audit",
	.summary = "hold the counters against the memory map",
	.usage = "usage: pgtag audit [-i FILE]\n\n"
		 "  -i, --input=FILE  a copy of the module's file audit, - for stdin\n\n"
		 "Ends with 1 if they differ or not all could be judged.\n\n"
		 "example: pgtag audit && echo exact\n",
	.run = run,
};
