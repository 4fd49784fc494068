// SPDX-License-Identifier: GPL-2.0
/*
 * pgtag bundle: one text for a bug report. What could be a secret stays out of it: no
 * address, no command line, no name of a process, file or host.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/utsname.h>

#include "commands.h"
#include "print.h"

#define PERIOD	5
#define LINES	50

static void title(const char *text)
{
	printf("\n== %s ==\n\n", text);
}

static void print_file(const char *name, const char *path)
{
	size_t length;
	char *text = read_whole(path, &length);

	title(name);
	fputs(text ? text : "(there is none)\n", stdout);
	free(text);
}

static void print_kernel(const struct snapshot *snapshot)
{
	struct utsname name;

	puts("pgtag " PGTAG_VERSION);
	if (!uname(&name))
		printf("kernel %s %s %s\n", name.release, name.version, name.machine);
	printf("build-id %s\n", *snapshot->build_id ? snapshot->build_id : "not known");
	title("modules and their build-ids");
	fputs(snapshot->modules, stdout);
	print_file("taint", "/proc/sys/kernel/tainted");
}

static void print_sites(const struct snapshot *snapshot, const struct allocinfo *info)
{
	static const struct filter all;
	struct print_request request = { .filter = &all, .lines = LINES };
	struct memory memory;

	if (memory_account(&memory, info, snapshot)) {
		title("where all memory is");
		request.lines = 0;
		print_memory(info, &memory, &request);
		request.lines = LINES;
	}
	title("sites");
	print_table(info, &request);
}

static int print_change(const struct allocinfo *before, unsigned int period)
{
	struct timespec left = { .tv_sec = period };
	struct allocinfo after;
	int code;

	fflush(stdout);
	nanosleep(&left, NULL);
	code = allocinfo_load(&after, NULL);
	if (code)
		return code;
	title("growth");
	printf("in %u s\n", period);
	print_growth(before, &after, 0, LINES);
	allocinfo_free(&after);
	return EXIT_OK;
}

static int bundle(unsigned int period)
{
	struct snapshot snapshot;
	struct allocinfo info;
	int code = snapshot_load(&snapshot, &info, NULL);

	if (code)
		return code;
	print_kernel(&snapshot);
	title("status");
	fputs(*snapshot.status ? snapshot.status : "(there is no module)\n", stdout);
	print_file("layout", PGTAG_DIR "/layout");
	title("meminfo");
	fputs(snapshot.meminfo, stdout);
	print_sites(&snapshot, &info);
	code = print_change(&info, period);
	allocinfo_free(&info);
	snapshot_free(&snapshot);
	return code;
}

static int run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "delay", required_argument, NULL, 'd' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	unsigned long long period = PERIOD;
	bool good = true;
	int c;

	while (good && (c = getopt_long(argc, argv, "d:h", options, NULL)) != -1) {
		switch (c) {
		case 'd':
			good = parse_count(optarg, &period) && period && period <= 3600;
			break;
		case 'h':
			return usage_wanted(&command_bundle);
		default:
			good = false;
		}
	}
	if (!good || optind < argc)
		return usage_error(&command_bundle);
	return bundle(period);
}

const struct command command_bundle = {
	.name = "bundle",
	.summary = "all that a bug report should have, as text",
	.usage = "usage: pgtag bundle [-d SECONDS]\n\n"
		 "Kernel, modules, build-ids, status, where memory is, what has grown in some\n"
		 "seconds. No address, and no name of a process, file or host is in it.\n\n"
		 "  -d, --delay=SECONDS  to wait for growth, 5 if not said\n\n"
		 "example: sudo pgtag bundle >report.txt\n",
	.run = run,
};
