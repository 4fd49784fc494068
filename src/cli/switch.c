// SPDX-License-Identifier: GPL-2.0
/*
 * pgtag on, pgtag off: the switch that the module and the kernel's own profiling share.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"

/* Where a kernel has profiling of its own, the switch is that one's alone. */
static void tell_whose(const char *value)
{
	if (!access(PROC_ALLOCINFO, F_OK) && !access(PGTAG_DIR, F_OK))
		complain("turned the kernel's own profiling %s; the module goes on as it was",
			 *value == '1' ? "on" : "off");
}

static void tell_why_not(int why)
{
	/* As only the kernel's own answers. */
	if (why == EINVAL)
		complain(PROC_SWITCH " is the kernel's own, turned off for good at boot");
	else
		complain(PROC_SWITCH ": %s (pgtag status says what to do)", strerror(why));
}

static int write_switch(const char *value)
{
	int fd = open(PROC_SWITCH, O_WRONLY | O_CLOEXEC);
	bool written = fd >= 0 && write(fd, value, 1) == 1;
	int why = errno;

	if (fd >= 0)
		close(fd);
	if (!written) {
		tell_why_not(why);
		return EXIT_NO_DATA;
	}
	tell_whose(value);
	return EXIT_OK;
}

static int run(const struct command *command, int argc, char **argv,
	       const char *value)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	int c = getopt_long(argc, argv, "h", options, NULL);

	if (c == 'h')
		return usage_wanted(command);
	if (c != -1 || optind < argc)
		return usage_error(command);
	return write_switch(value);
}

static int run_on(int argc, char **argv)
{
	return run(&command_on, argc, argv, "1");
}

static int run_off(int argc, char **argv)
{
	return run(&command_off, argc, argv, "0");
}

const struct command command_on = {
	.name = "on",
	.summary = "turn profiling on",
	.usage = "usage: pgtag on\n\n"
		 "Counts what is allocated from now on.\n\n"
		 "example: sudo pgtag on\n",
	.run = run_on,
};

const struct command command_off = {
	.name = "off",
	.summary = "turn profiling off",
	.usage = "usage: pgtag off\n\n"
		 "Allocations cost nothing then. What was counted stays, and goes when it\n"
		 "is freed.\n\n"
		 "example: sudo pgtag off\n",
	.run = run_off,
};
