// SPDX-License-Identifier: GPL-2.0
/*
 * pgtag show: where all memory is.
 */
#include <getopt.h>
#include <json-c/json.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "print.h"
#include "tree.h"

/* Rows of a table, if nobody says how many. */
#define LINES		20

enum form { FORM_KINDS, FORM_TABLE, FORM_TREE, FORM_JSON, FORM_CSV };

/**
 * struct request - what is wanted
 * @from: where from, NULL for this machine
 * @form: how it is to look
 * @by: what are rows
 * @order: of rows
 * @filter: of sites
 * @min: bytes that a row has at least
 * @lines: how many rows at most, 0 if nobody said so
 */
struct request {
	const char *from;
	enum form form;
	enum rows_by by;
	enum rows_order order;
	struct filter filter;
	unsigned long long min;
	unsigned long long lines;
};

static size_t lines_of(const struct request *request, size_t usual)
{
	return request->lines ? request->lines : usual;
}

static struct print_request printed(const struct request *request)
{
	return (struct print_request){
		.by = request->by,
		.order = request->order,
		.filter = &request->filter,
		.min = request->min,
		.lines = request->lines,
	};
}

/* --- for programs --- */

static struct json_object *number(long long value)
{
	return json_object_new_int64(value);
}

static struct json_object *json_of_kind(const struct kind_sum *sum)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "size", number(sum->size));
	json_object_object_add(object, "tagged", number(sum->tagged));
	json_object_object_add(object, "before", number(sum->before));
	json_object_object_add(object, "unexplained", number(kind_unexplained(sum)));
	return object;
}

static struct json_object *json_of_memory(const struct memory *memory)
{
	struct json_object *object = json_object_new_object();
	struct json_object *kinds = json_object_new_object();
	int i;

	for (i = 0; i < NR_KINDS; i++)
		json_object_object_add(kinds, kind_name(i),
				       json_of_kind(&memory->kinds[i]));
	json_object_object_add(object, "total", number(memory->total));
	json_object_object_add(object, "free", number(memory->free));
	json_object_object_add(object, "unexplained", number(memory_unexplained(memory)));
	json_object_object_add(object, "doubtful", number(memory->doubtful));
	json_object_object_add(object, "kinds", kinds);
	return object;
}

static struct json_object *json_of_row(const struct row *row, enum rows_by by)
{
	struct json_object *object = json_object_new_object();
	const struct {
		const char *key, *value;
	} texts[] = {
		{ "kind", kind_name(site_kind(row->site)) },
		{ "module", row->site->module },
		{ "function", row->site->function },
		{ "location", row->site->location },
		{ "path", row->site->path },
	};
	size_t i;

	json_object_object_add(object, "bytes", number(row->bytes));
	/* JSON's readers have no more bits. */
	json_object_object_add(object, "calls",
			       number(row->calls > LLONG_MAX ? LLONG_MAX : row->calls));
	json_object_object_add(object, "accurate",
			       json_object_new_boolean(!row->inaccurate));
	if (by != BY_SITE) {
		json_object_object_add(object, "name", json_object_new_string(row->name));
		json_object_object_add(object, "sites", number(row->sites));
		return object;
	}
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		json_object_object_add(object, texts[i].key,
				       json_object_new_string(texts[i].value));
	return object;
}

/* A row that a table or a list is to have; NULL after the last one. */
static const struct row *next_row(const struct request *request,
				  const struct rows *rows, size_t *i, size_t *left)
{
	while (*left && *i < rows->nr) {
		const struct row *row = &rows->row[(*i)++];

		if (request->min && row->bytes < (long long)request->min)
			continue;
		(*left)--;
		return row;
	}
	return NULL;
}

static int show_json(const struct request *request, const struct allocinfo *info,
		     const struct memory *memory)
{
	struct json_object *object = json_object_new_object();
	struct json_object *list = json_object_new_array();
	size_t i = 0, left = lines_of(request, info->nr);
	const struct row *row;
	struct rows rows;

	rows_make(&rows, info, request->by, &request->filter);
	rows_sort(&rows, request->order);
	while ((row = next_row(request, &rows, &i, &left)))
		json_object_array_add(list, json_of_row(row, request->by));
	if (memory)
		json_object_object_add(object, "memory", json_of_memory(memory));
	json_object_object_add(object, "rows", list);
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
	rows_free(&rows);
	return EXIT_OK;
}

/* RFC 4180. */
static void print_field(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text);
	}
	putchar('"');
}

static int show_csv(const struct request *request, const struct allocinfo *info)
{
	size_t i = 0, left = lines_of(request, info->nr);
	const struct row *row;
	struct rows rows;

	rows_make(&rows, info, request->by, &request->filter);
	rows_sort(&rows, request->order);
	puts("bytes,calls,accurate,kind,module,name");
	while ((row = next_row(request, &rows, &i, &left))) {
		printf("%lld,%llu,%s,", row->bytes, row->calls,
		       row->inaccurate ? "no" : "yes");
		print_field(request->by == BY_SITE ? kind_name(site_kind(row->site)) : "");
		putchar(',');
		print_field(request->by == BY_FILE ? "" : site_module(row->site));
		putchar(',');
		print_field(row->name);
		putchar('\n');
	}
	rows_free(&rows);
	return EXIT_OK;
}

/* --- what is wanted --- */

static int show(const struct request *request)
{
	struct print_request print = printed(request);
	struct snapshot snapshot;
	struct allocinfo info;
	struct memory memory;
	bool whole;
	int code = snapshot_load(&snapshot, &info, request->from);

	if (code)
		return code;
	whole = memory_account(&memory, &info, &snapshot);
	switch (request->form) {
	case FORM_KINDS:
		if (whole)
			print_memory(&info, &memory, &print);
		else
			print_table(&info, &print);
		break;
	case FORM_TABLE:
		print_table(&info, &print);
		break;
	case FORM_TREE:
		tree_print(&info, &request->filter, request->min,
			   lines_of(request, LINES));
		break;
	case FORM_JSON:
		code = show_json(request, &info, whole ? &memory : NULL);
		break;
	case FORM_CSV:
		code = show_csv(request, &info);
		break;
	}
	allocinfo_free(&info);
	snapshot_free(&snapshot);
	return code;
}

static bool take_option(struct request *request, int c)
{
	switch (c) {
	case 'i':
		request->from = optarg;
		return true;
	case 's':
		return rows_parse_order(optarg, &request->order);
	case 'm':
		return parse_size(optarg, &request->min);
	case 'n':
		return parse_count(optarg, &request->lines) && request->lines;
	case 'M':
		return filter_set(&request->filter.module,
				  &request->filter.has_module, optarg);
	case 'S':
		return filter_set(&request->filter.site, &request->filter.has_site,
				  optarg);
	case 'b':
		if (request->form == FORM_KINDS)
			request->form = FORM_TABLE;
		return rows_parse_by(optarg, &request->by);
	case 't':
		request->form = FORM_TREE;
		return true;
	case 'j':
		request->form = FORM_JSON;
		return true;
	case 'c':
		request->form = FORM_CSV;
		return true;
	default:
		return false;
	}
}

static int run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "input", required_argument, NULL, 'i' },
		{ "sort", required_argument, NULL, 's' },
		{ "min", required_argument, NULL, 'm' },
		{ "lines", required_argument, NULL, 'n' },
		{ "module", required_argument, NULL, 'M' },
		{ "site", required_argument, NULL, 'S' },
		{ "by", required_argument, NULL, 'b' },
		{ "tree", no_argument, NULL, 't' },
		{ "json", no_argument, NULL, 'j' },
		{ "csv", no_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	struct request request = { };
	int c, code = EXIT_OK;

	while (code == EXIT_OK &&
	       (c = getopt_long(argc, argv, "i:s:m:n:h", options, NULL)) != -1) {
		if (c == 'h')
			return usage_wanted(&command_show);
		if (!take_option(&request, c))
			code = usage_error(&command_show);
	}
	if (code == EXIT_OK && optind < argc)
		code = usage_error(&command_show);
	if (code == EXIT_OK)
		code = show(&request);
	filter_free(&request.filter);
	return code;
}

const struct command command_show = {
	.name = "show",
	.summary = "where all memory is",
	.usage = "usage: pgtag show [OPTION]...\n\n"
		 "By kind, as meminfo has it, with the sites behind each: what their tags\n"
		 "say, what was there before the module was loaded, and what nobody\n"
		 "explains. With --by a table of the tags alone.\n\n"
		 "  -i, --input=FILE  a copy of allocinfo or a recording, - for stdin\n"
		 "      --by=WHAT     add up by site, module, function or file\n"
		 "      --tree        by call path, the site first (module parameter depth)\n"
		 "      --module=RE   only sites in modules whose name matches; the kernel's\n"
		 "                    own is vmlinux\n"
		 "      --site=RE     only sites whose function, place or path matches\n"
		 "  -s, --sort=HOW    by size, calls or name\n"
		 "  -m, --min=SIZE    only what has that much: 4096, 64K, 10M, 1G\n"
		 "  -n, --lines=N     no more than so many (of each kind)\n"
		 "      --json        all of it, in bytes\n"
		 "      --csv         the table, in bytes\n\n"
		 "example: sudo pgtag show --by module --min 1M\n",
	.run = run,
};
