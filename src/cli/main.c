// SPDX-License-Identifier: GPL-2.0
/*
 * pgtag: who has the memory. Finds the subcommand and runs it.
 */
#include <signal.h>
#include <string.h>

#include "commands.h"
#include "pgtag.h"

static const struct command * const commands[] = {
	&command_show,
	&command_top,
	&command_diff,
	&command_record,
	&command_report,
	&command_status,
	&command_bundle,
	&command_layout,
	&command_audit,
	&command_lines,
	&command_export,
	&command_plot,
	&command_on,
	&command_off,
};

static int help(FILE *to, int code)
{
	size_t i;

	fputs("usage: pgtag COMMAND [OPTION]...\n\n"
	      "Who has the memory of this machine, by call site. Needs the module\n"
	      "pgtag_compress or a kernel with /proc/allocinfo.\n\n", to);
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(to, "  %-8s %s\n", commands[i]->name, commands[i]->summary);
	fputs("\npgtag COMMAND --help says more, pgtag(8) all.\n", to);
	return code;
}

static const struct command *find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	}
	return NULL;
}

static int run(int argc, char **argv)
{
	const struct command *command;
	const char *name = argc > 1 ? argv[1] : "";

	if (!strcmp(name, "--version")) {
		puts("pgtag " PGTAG_VERSION);
		return EXIT_OK;
	}
	if (!strcmp(name, "--help") || !strcmp(name, "-h"))
		return help(stdout, EXIT_OK);
	if (!strcmp(name, "help")) {
		if (argc == 2)
			return help(stdout, EXIT_OK);
		command = find(argv[2]);
		if (command)
			return usage_wanted(command);
		name = argv[2];
	}
	command = find(name);
	if (command)
		return command->run(argc - 1, argv + 1);
	if (*name)
		complain("no such command: %s", name);
	return help(stderr, EXIT_USAGE);
}

int main(int argc, char **argv)
{
	/* A service may have been started without it; who stops reading ends this. */
	signal(SIGPIPE, SIG_DFL);
	return finish_output(stdout, "stdout", run(argc, argv));
}
