// SPDX-License-Identifier: GPL-2.0
/*
 * pgtag export: sites in forms that other programs read.
 */
#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "export.h"
#include "replace.h"
#include "stack.h"

/* Sites and modules that have a series of their own. */
#define TOP	50

/**
 * struct form - what can be written
 * @name: of the option
 * @stacks: callers matter, and so may lines
 * @binary: nothing for a terminal
 * @write: writes it
 */
struct form {
	const char *name;
	bool stacks;
	bool binary;
	void (*write)(FILE *file, const struct export *export);
};

static const struct form forms[] = {
	{ "prometheus", false, false, export_prometheus },
	{ "openmetrics", false, false, export_openmetrics },
	{ "pprof", true, true, export_pprof },
	{ "folded", true, false, export_folded },
};

/* What was asked for. */
struct request {
	const struct form *form;
	const char *from;
	const char *output;
	bool lines;
	bool bad;
	unsigned long long top;
	struct origins_options where;
};

static int find_lines(struct export *export, const struct origins_options *where)
{
	size_t i, j;

	for (i = 0; i < export->info.nr; i++) {
		struct stack stack = stack_of(&export->info.sites[i]);

		for (j = 0; j < stack.nr; j++)
			origins_want(&export->origins, stack.frame[j].module,
				     stack.frame[j].location);
		stack_free(&stack);
	}
	return origins_find(&export->origins, where);
}

static int write_to(const struct request *request, const struct export *export)
{
	struct replace replace;

	if (!request->output) {
		request->form->write(stdout, export);
		return EXIT_OK;
	}
	if (!replace_begin(&replace, request->output)) {
		complain("%s: %s", request->output, strerror(errno));
		return EXIT_OUTPUT;
	}
	request->form->write(replace.file, export);
	return replace_end(&replace, EXIT_OK);
}

static int run_request(struct request *request)
{
	struct snapshot recorded = { };
	struct export export = { .live = !request->from, .top = request->top };
	int code;

	if (request->form->binary && !request->output && isatty(STDOUT_FILENO)) {
		complain("this is nothing for a terminal: see --output");
		return EXIT_USAGE;
	}
	code = origins_load(&request->where, &recorded, &export.info, request->from);
	if (code != EXIT_OK)
		return code;
	if (request->lines)
		code = find_lines(&export, &request->where);
	if (code == EXIT_OK)
		code = write_to(request, &export);
	origins_free(&export.origins);
	allocinfo_free(&export.info);
	snapshot_free(&recorded);
	return code;
}

static bool take_top(struct request *request, const char *text)
{
	return parse_count(text, &request->top) && request->top;
}

static void take_option(struct request *request, int c, const char *value)
{
	switch (c) {
	case 'i':
		request->from = value;
		break;
	case 'o':
		request->output = value;
		break;
	case 't':
		request->bad |= !take_top(request, value);
		break;
	case 'l':
		request->lines = true;
		break;
	default:
		request->bad |= !origins_option(&request->where, c, value);
	}
}

/* The long options of the forms have these, and their place in the table. */
#define FORM	256

static int run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "prometheus", no_argument, NULL, FORM + 0 },
		{ "openmetrics", no_argument, NULL, FORM + 1 },
		{ "pprof", no_argument, NULL, FORM + 2 },
		{ "folded", no_argument, NULL, FORM + 3 },
		{ "input", required_argument, NULL, 'i' },
		{ "output", required_argument, NULL, 'o' },
		{ "top", required_argument, NULL, 't' },
		{ "lines", no_argument, NULL, 'l' },
		{ "release", required_argument, NULL, 'r' },
		{ "debug-dir", required_argument, NULL, 'd' },
		{ "debuginfod", optional_argument, NULL, 'u' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	struct request request = { .top = TOP };
	int c;

	while ((c = getopt_long(argc, argv, "i:o:h", options, NULL)) != -1) {
		if (c == 'h')
			return usage_wanted(&command_export);
		if (c < FORM) {
			take_option(&request, c, optarg);
			continue;
		}
		/* One at a time. */
		request.bad |= !!request.form;
		request.form = &forms[c - FORM];
	}
	if (request.bad || !request.form || optind < argc ||
	    (request.lines && !request.form->stacks))
		return usage_error(&command_export);
	return run_request(&request);
}

const struct command command_export = {
	.name = "export",
	.summary = "for Prometheus, pprof and flame graphs",
	.usage = "usage: pgtag export --prometheus|--openmetrics [--top=N] [-i FILE] [-o FILE]\n"
		 "       pgtag export --pprof|--folded [--lines [OPTION]...] [-i FILE] [-o FILE]\n\n"
		 "      --prometheus     metrics, as node_exporter and Prometheus read them\n"
		 "      --openmetrics    the same, as the standard has them\n"
		 "      --pprof          a profile, packed: pprof, Pyroscope, speedscope\n"
		 "      --folded         stacks, a line each, for flame graphs\n"
		 "  -i, --input=FILE     a recording or a copy of allocinfo, - for stdin\n"
		 "  -o, --output=FILE    write there; whoever reads it sees all or nothing\n"
		 "      --top=N          sites and modules with metrics of their own; 50 if\n"
		 "                       not given. The others have one together\n"
		 "      --lines          with source lines and inlined functions, and then\n"
		 ORIGINS_USAGE "\n"
		 "example: sudo pgtag export --pprof --lines -o memory.pb.gz\n"
		 "         go tool pprof -top memory.pb.gz\n",
	.run = run,
};
