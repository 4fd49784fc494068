// SPDX-License-Identifier: GPL-2.0
/*
 * pgtag audit: do the counters agree with the memory map?
 */
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

static int tell(char *text)
{
	fputs(text, stdout);
	return verdict(text);
}

static int run(int argc, char **argv)
{
	return run_on_module_file(&command_audit, argc, argv, tell);
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
