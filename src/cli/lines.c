// SPDX-License-Identifier: GPL-2.0
/*
 * pgtag lines: call sites with their source lines in place of symbol and offset.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "allocinfo.h"
#include "commands.h"
#include "origins.h"

#define LINES_FILE	PGTAG_DIR "/lines"

/* What was asked for. */
struct request {
	const char *from;
	struct origins_options where;
	bool inlined;
	bool load;
};

static struct origins find_origins(const struct allocinfo *info,
				   const struct origins_options *where, int *code)
{
	struct origins origins = { };
	size_t i;

	for (i = 0; i < info->nr; i++)
		origins_want(&origins, info->sites[i].module, info->sites[i].location);
	*code = origins_find(&origins, where);
	return origins;
}

/* --- to read --- */

static int by_bytes(const void *a, const void *b)
{
	const struct site *left = a, *right = b;

	return (left->bytes < right->bytes) - (left->bytes > right->bytes);
}

static void print_inlined(const struct frames *frames)
{
	size_t i;

	for (i = 0; i < frames->nr; i++)
		printf("%s%s:%u:%s", i ? ";" : " inlined:", frames->frame[i].file,
		       frames->frame[i].line, frames->frame[i].function);
}

static void print_site(const struct site *site, const struct origins *origins,
		       bool inlined)
{
	const struct place *place = origins_of(origins, site->module, site->location);
	const struct frame *frame = place ? frames_site(&place->frames) : NULL;

	printf("%12lld %8llu ", site->bytes, site->calls);
	if (frame)
		printf("%s:%u", frame->file, frame->line);
	else
		fputs(site->location, stdout);
	if (*site->module)
		printf(" [%s]", site->module);
	printf(" func:%s", frame ? frame->function : site->function);
	if (*site->path)
		printf(" path:%s", site->path);
	if (*site->kind)
		printf(" kind:%s", site->kind);
	if (site->inaccurate)
		fputs(" accurate:no", stdout);
	if (inlined && frame && place->frames.nr > 1)
		print_inlined(&place->frames);
	putchar('\n');
}

/* In the format that was read, so that whoever reads that can read this. */
static void print_all(struct allocinfo *info, const struct origins *origins, bool inlined)
{
	size_t i;

	puts("allocinfo - version: 2.0\n#     <size>  <calls> <tag info>");
	if (info->nr)
		qsort(info->sites, info->nr, sizeof(*info->sites), by_bytes);
	for (i = 0; i < info->nr; i++)
		print_site(&info->sites[i], origins, inlined);
}

/* --- to load --- */

static int load_error(void)
{
	complain(LINES_FILE ": %s", strerror(errno));
	return errno == ENOENT || errno == EACCES ? EXIT_NO_DATA : EXIT_OUTPUT;
}

/* See the module's lines.h for the grammar. */
static int load(const struct origins *origins)
{
	FILE *file = fopen(LINES_FILE, "we");
	size_t i, nr = 0;

	if (!file)
		return load_error();
	for (i = 0; i < origins->nr; i++) {
		const struct place *place = &origins->place[i];
		const struct frame *frame = frames_site(&place->frames);

		if (!frame)
			continue;
		fprintf(file, "%s %s 0x%lx %s %u %s\n",
			*place->module ? place->module : "vmlinux", place->symbol,
			place->offset, frame->file, frame->line, frame->function);
		nr++;
	}
	if (fclose(file))
		return load_error();
	printf("%zu lines loaded\n", nr);
	return EXIT_OK;
}

/*
 * Sites whose lines are loaded have no symbol any more, so they are taken away first.
 * The first of all sites tells: only with lines loaded may one of the module's have one.
 */
static int unload(void)
{
	FILE *file = fopen(LINES_FILE, "we");

	if (!file || fclose(file))
		return load_error();
	return EXIT_OK;
}

static int run_request(struct request *request)
{
	struct snapshot recorded = { };
	struct allocinfo info;
	struct origins origins;
	int code = request->load ? unload() : EXIT_OK;

	if (code == EXIT_OK)
		code = origins_load(&request->where, &recorded, &info, request->from);
	if (code != EXIT_OK)
		return code;
	origins = find_origins(&info, &request->where, &code);
	if (request->load && code == EXIT_OK)
		code = load(&origins);
	else if (code == EXIT_OK)
		print_all(&info, &origins, request->inlined);
	origins_free(&origins);
	allocinfo_free(&info);
	snapshot_free(&recorded);
	return code;
}

static int run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "input", required_argument, NULL, 'i' },
		{ "release", required_argument, NULL, 'r' },
		{ "debug-dir", required_argument, NULL, 'd' },
		{ "debuginfod", optional_argument, NULL, 'u' },
		{ "inlined", no_argument, NULL, 'I' },
		{ "load", no_argument, NULL, 'l' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	struct request request = { };
	int c;

	while ((c = getopt_long(argc, argv, "i:h", options, NULL)) != -1) {
		switch (c) {
		case 'i':
			request.from = optarg;
			break;
		case 'I':
			request.inlined = true;
			break;
		case 'l':
			request.load = true;
			break;
		case 'h':
			return usage_wanted(&command_lines);
		default:
			if (!origins_option(&request.where, c, optarg))
				return usage_error(&command_lines);
		}
	}
	if (optind < argc || (request.load && (request.from || request.where.release)))
		return usage_error(&command_lines);
	return run_request(&request);
}

const struct command command_lines = {
	.name = "lines",
	.summary = "call sites with their source lines",
	.usage = "usage: pgtag lines [OPTION]...\n\n"
		 "  -i, --input=FILE     a recording or a copy of allocinfo, - for stdin\n"
		 ORIGINS_USAGE
		 "      --inlined        all functions that are inlined at each site as well\n"
		 "      --load           hand the lines to the module, whose files then have\n"
		 "                       them: of this machine, as it runs\n\n"
		 "Prints allocinfo, the biggest first. Which line is where is looked for once\n"
		 "for each build of the kernel, and kept in $XDG_CACHE_HOME/pgtag.\n\n"
		 "example: sudo pgtag lines | head\n",
	.run = run,
};
