// SPDX-License-Identifier: GPL-2.0
/*
 * pgtag top: sites as they change, of this machine or in a recording.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "keys.h"
#include "top.h"

#define PERIOD	3.0
#define LINES	20

/**
 * top_order_name - what lines are sorted by, in words
 * @order: this
 */
const char *top_order_name(enum top_order order)
{
	static const char * const names[] = {
		[TOP_SIZE] = "size",
		[TOP_CALLS] = "calls",
		[TOP_CHANGE] = "delta",
		[TOP_SINCE] = "start",
		[TOP_NAME] = "name",
	};

	return names[order];
}

/**
 * top_by_name - what lines are, in words
 * @by: this
 */
const char *top_by_name(enum rows_by by)
{
	static const char * const names[] = {
		[BY_SITE] = "site",
		[BY_MODULE] = "module",
		[BY_FUNCTION] = "function",
		[BY_FILE] = "file",
	};

	return names[by];
}

static int compare(const void *a, const void *b, void *arg)
{
	const struct top_line *one = a, *other = b;
	const struct top *top = arg;
	long long difference = 0;

	/* Sizes are far from where these could overflow, see allocinfo.c. */
	switch (top->order) {
	case TOP_SIZE:
		difference = other->row->bytes - one->row->bytes;
		break;
	case TOP_CALLS:
		difference = (other->row->calls > one->row->calls) -
			     (other->row->calls < one->row->calls);
		break;
	case TOP_CHANGE:
		difference = other->change - one->change;
		break;
	case TOP_SINCE:
		difference = other->since - one->since;
		break;
	default:
		break;
	}
	/* Rows are sorted by name. */
	if (!difference)
		difference = (one->row > other->row) - (one->row < other->row);
	if (top->reverse)
		difference = -difference;
	return (difference > 0) - (difference < 0);
}

/**
 * top_sort - sort the lines
 * @top: by its order
 */
void top_sort(struct top *top)
{
	qsort_r(top->line, top->nr, sizeof(*top->line), compare, top);
}

/* What a name had then; rows are sorted by name, and @i goes along. */
static long long bytes_then(const struct rows *rows, const char *name, size_t *i)
{
	int order = -1;

	while (*i < rows->nr && order < 0) {
		order = strcmp(rows->row[*i].name, name);
		*i += order < 0;
	}
	return order ? 0 : rows->row[*i].bytes;
}

static void make_lines(struct top *top)
{
	size_t i, last = 0, first = 0;

	free(top->line);
	top->nr = top->now->rows.nr;
	top->line = xrealloc(NULL, top->nr, sizeof(*top->line));
	for (i = 0; i < top->nr; i++) {
		const struct row *row = &top->now->rows.row[i];
		const char *name = row->name;

		top->line[i] = (struct top_line){
			.row = row,
			.change = row->bytes - bytes_then(&top->last->rows, name, &last),
			.since = row->bytes - bytes_then(&top->first->rows, name, &first),
		};
	}
	top_sort(top);
}

static void arrange(const struct top *top, struct moment *moment)
{
	rows_free(&moment->rows);
	rows_make(&moment->rows, &moment->info, top->by, &top->filter);
}

/**
 * top_rearrange - make all lines anew, after other rows or sites are wanted
 * @top: it
 */
void top_rearrange(struct top *top)
{
	arrange(top, top->first);
	if (top->last != top->first)
		arrange(top, top->last);
	if (top->now != top->last)
		arrange(top, top->now);
	make_lines(top);
}

static void forget(struct moment *moment)
{
	rows_free(&moment->rows);
	allocinfo_free(&moment->info);
	free(moment);
}

/**
 * top_clock - seconds, of any origin
 */
double top_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static void take_totals(struct top *top, const char *meminfo)
{
	key_bytes(meminfo, "MemTotal", &top->total);
	key_bytes(meminfo, "MemFree", &top->free);
}

static int take_live(struct top *top, struct moment *moment)
{
	size_t length;
	char *meminfo;
	int code = allocinfo_load(&moment->info, NULL);

	if (code)
		return code;
	moment->time = top_clock();
	meminfo = read_whole("/proc/meminfo", &length);
	take_totals(top, meminfo);
	free(meminfo);
	return EXIT_OK;
}

static int take_recorded(struct top *top, struct moment *moment)
{
	struct snapshot snapshot;
	int code = recording_next(&top->replay, &snapshot);

	if (code)
		return code;
	moment->time = snapshot.time;
	take_totals(top, snapshot.meminfo);
	code = allocinfo_take(&moment->info, snapshot.allocinfo, snapshot.length,
			      top->replay.name);
	snapshot.allocinfo = NULL;
	snapshot_free(&snapshot);
	return code;
}

/**
 * top_next - go on to the next moment
 * @top: it
 *
 * Return: an exit code; EXIT_NO where a recording ends.
 */
int top_next(struct top *top)
{
	struct moment *next = xrealloc(NULL, 1, sizeof(*next));
	int code;

	memset(next, 0, sizeof(*next));
	code = top->replays ? take_recorded(top, next) : take_live(top, next);
	if (code) {
		free(next);
		return code;
	}
	arrange(top, next);
	if (top->last != top->first)
		forget(top->last);
	top->last = top->now ? top->now : next;
	top->now = next;
	if (!top->first)
		top->first = next;
	make_lines(top);
	return EXIT_OK;
}

static void end(struct top *top)
{
	if (top->now && top->now != top->last)
		forget(top->now);
	if (top->last && top->last != top->first)
		forget(top->last);
	if (top->first)
		forget(top->first);
	free(top->line);
	filter_free(&top->filter);
	if (top->replays)
		recording_close(&top->replay);
}

/**
 * top_seconds - how long ago the time before was
 * @top: it
 */
double top_seconds(const struct top *top)
{
	return top->now->time - top->last->time;
}

/**
 * top_elapsed - how long ago the start was
 * @top: it
 */
double top_elapsed(const struct top *top)
{
	return top->now->time - top->first->time;
}

/**
 * top_rate - bytes in a second
 * @bytes: in all of the time
 * @seconds: the time, 0 if there was none
 */
long long top_rate(long long bytes, double seconds)
{
	return seconds > 0 ? (long long)(bytes / seconds) : 0;
}

/* --- without a screen --- */

static void print(const struct top *top)
{
	char size[SIZE_TEXT], change[SIZE_TEXT], speed[SIZE_TEXT], since[SIZE_TEXT];
	size_t i;

	printf("%12s %10s %12s %12s %12s  %s\n", "size", "calls", "delta",
	       "delta/s", "since start", top_by_name(top->by));
	for (i = 0; i < top->nr && i < LINES; i++) {
		const struct top_line *line = &top->line[i];

		printf("%12s %10llu %12s %12s %12s  %s\n",
		       format_size(size, line->row->bytes), line->row->calls,
		       format_change(change, line->change),
		       format_change(speed, top_rate(line->change, top_seconds(top))),
		       format_change(since, line->since), line->row->name);
	}
}

static void wait_for(double seconds)
{
	struct timespec left = { .tv_sec = seconds };

	left.tv_nsec = (seconds - left.tv_sec) * 1e9;
	while (nanosleep(&left, &left) && errno == EINTR)
		;
}

static int print_times(struct top *top, double period, unsigned long long times)
{
	unsigned long long i;
	int code;

	for (i = 0; i < times; i++) {
		if (i) {
			if (!top->replays)
				wait_for(period);
			putchar('\n');
		}
		code = top_next(top);
		if (code)
			return code == EXIT_NO ? EXIT_OK : code;
		print(top);
		if (finish_output(stdout, "stdout", EXIT_OK))
			return EXIT_OUTPUT;
	}
	return EXIT_OK;
}

static bool parse_period(const char *text, double *period)
{
	char *end;

	*period = strtod(text, &end);
	return *text && !*end && *period >= 0.1 && *period <= 86400;
}

static bool parse_order(const char *text, enum top_order *order)
{
	for (*order = 0; *order < NR_TOP_ORDERS; (*order)++) {
		if (!strcmp(top_order_name(*order), text))
			return true;
	}
	complain("%s: not one of size, calls, delta, start, name", text);
	return false;
}

/**
 * struct request - what is wanted
 * @from: a recording
 * @period: seconds between two times
 * @times: how often; 0: for ever
 * @once: without a screen
 */
struct request {
	const char *from;
	double period;
	unsigned long long times;
	bool once;
};

static bool take_option(struct top *top, struct request *request, int c)
{
	switch (c) {
	case 'i':
		request->from = optarg;
		return true;
	case 'd':
		return parse_period(optarg, &request->period);
	case 'n':
		return parse_count(optarg, &request->times) && request->times;
	case 'o':
		request->once = true;
		return true;
	case 's':
		return parse_order(optarg, &top->order);
	case 'b':
		return rows_parse_by(optarg, &top->by);
	case 'M':
		return filter_set(&top->filter.module, &top->filter.has_module, optarg);
	case 'S':
		return filter_set(&top->filter.site, &top->filter.has_site, optarg);
	default:
		return false;
	}
}

static int show(struct top *top, const struct request *request)
{
	int code;

	if (request->from) {
		code = recording_open(&top->replay, request->from);
		if (code)
			return code;
		top->replays = true;
	}
	if (request->once || !isatty(STDOUT_FILENO))
		return print_times(top, request->period,
				   request->times ? request->times : 1);
	return screen_run(top, request->period, request->times);
}

static int run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "input", required_argument, NULL, 'i' },
		{ "delay", required_argument, NULL, 'd' },
		{ "iterations", required_argument, NULL, 'n' },
		{ "once", no_argument, NULL, 'o' },
		{ "sort", required_argument, NULL, 's' },
		{ "by", required_argument, NULL, 'b' },
		{ "module", required_argument, NULL, 'M' },
		{ "site", required_argument, NULL, 'S' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	struct request request = { .period = PERIOD };
	struct top top = { };
	int c, code = EXIT_OK;

	while (code == EXIT_OK &&
	       (c = getopt_long(argc, argv, "i:d:n:os:h", options, NULL)) != -1) {
		if (c == 'h')
			return usage_wanted(&command_top);
		if (!take_option(&top, &request, c))
			code = usage_error(&command_top);
	}
	if (code == EXIT_OK && optind < argc)
		code = usage_error(&command_top);
	if (code == EXIT_OK)
		code = show(&top, &request);
	end(&top);
	return code;
}

const struct command command_top = {
	.name = "top",
	.summary = "sites as they change, live",
	.usage = "usage: pgtag top [OPTION]...\n\n"
		 "  -d, --delay=SECONDS  between two refreshes, 3 if not said\n"
		 "  -n, --iterations=N   end after so many\n"
		 "  -o, --once           print a table without a screen, as it does anyway\n"
		 "                       where the output is no terminal; N with -n\n"
		 "  -s, --sort=HOW       by size, calls, delta (since the last refresh), start\n"
		 "                       (since the start) or name\n"
		 "      --by=WHAT        add up by site, module, function or file\n"
		 "      --module=RE      only sites in modules whose name matches\n"
		 "      --site=RE        only sites whose function, place or path matches\n"
		 "  -i, --input=FILE     play a recording\n\n"
		 "Keys: s size, c calls, d delta, t since start, n name, r reverse, g what is\n"
		 "added up, / sites that match, f freeze, arrows and page keys, ? help, q quit.\n\n"
		 "example: sudo pgtag top -s delta --by module\n",
	.run = run,
};
