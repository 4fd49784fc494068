// SPDX-License-Identifier: GPL-2.0
/*
 * pgtag report: what looks like a leak in a recording: what grows again and again,
 * gives nothing back, and keeps it when caches are dropped.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "kinds.h"
#include "recording.h"
#include "rows.h"

#define LINES		20
/* What grew less often may have been just used once. */
#define LEAST_RISES	3
/* A leak gives back less than this part of what it grew. */
#define PART		10

/**
 * struct track - what became of a site
 * @first: bytes when the recording began
 * @peak: the most there were
 * @fall: the most that it fell below a peak
 * @rises: how often it grew
 * @dropped: what it gave back when caches were dropped
 */
struct track {
	long long first;
	long long peak;
	long long fall;
	unsigned long rises;
	long long dropped;
};

/**
 * struct report - a recording so far
 * @info: the last sites
 * @tracks: one for each of them
 * @snapshots: how many
 * @drops: how often caches were dropped by then; and at the start
 * @start: when it began
 * @end: and when the last was taken
 * @boot: of the machine
 */
struct report {
	struct allocinfo info;
	struct track *tracks;
	unsigned long snapshots;
	unsigned long long drops, first_drops;
	unsigned long long start, end;
	char *boot;
};

static void step(struct track *track, long long before, long long after, bool dropped)
{
	if (after > before)
		track->rises++;
	if (after > track->peak)
		track->peak = after;
	if (dropped && before > after)
		track->dropped += before - after;
	if (track->peak - after > track->fall)
		track->fall = track->peak - after;
}

static void begin(struct report *report, struct allocinfo *info,
		  const struct snapshot *snapshot)
{
	size_t i;

	allocinfo_free(&report->info);
	free(report->tracks);
	free(report->boot);
	report->info = *info;
	report->tracks = xrealloc(NULL, info->nr, sizeof(*report->tracks));
	for (i = 0; i < info->nr; i++)
		report->tracks[i] = (struct track){
			.first = info->sites[i].bytes,
			.peak = info->sites[i].bytes,
		};
	report->snapshots = 1;
	report->drops = report->first_drops = snapshot->drops;
	report->start = report->end = snapshot->time;
	report->boot = xstrdup(snapshot->boot ? snapshot->boot : "");
}

static void go_on(struct report *report, struct allocinfo *info,
		  const struct snapshot *snapshot)
{
	struct track *tracks = xrealloc(NULL, info->nr, sizeof(*tracks));
	struct pair *pairs;
	size_t i, nr = allocinfo_join(&report->info, info, &pairs);

	for (i = 0; i < nr; i++) {
		const struct site *before = pairs[i].before, *after = pairs[i].after;
		struct track *track;

		if (!after)
			continue;
		track = &tracks[after - info->sites];
		*track = before ? report->tracks[before - report->info.sites] :
				  (struct track){ };
		step(track, before ? before->bytes : 0, after->bytes,
		     snapshot->drops > report->drops);
	}
	free(pairs);
	free(report->tracks);
	allocinfo_free(&report->info);
	report->tracks = tracks;
	report->info = *info;
	report->snapshots++;
	report->drops = snapshot->drops;
	report->end = snapshot->time;
}

static int take(struct report *report, struct snapshot *snapshot, const char *name)
{
	const char *boot = snapshot->boot ? snapshot->boot : "";
	struct allocinfo info;
	int code = allocinfo_take(&info, snapshot->allocinfo, snapshot->length, name);

	snapshot->allocinfo = NULL;
	if (code)
		return code;
	if (report->snapshots && strcmp(report->boot, boot)) {
		complain("%s: another boot begins, and the report anew", name);
		report->snapshots = 0;
	}
	if (report->snapshots)
		go_on(report, &info, snapshot);
	else
		begin(report, &info, snapshot);
	return EXIT_OK;
}

static int read_all(struct report *report, const char *name)
{
	struct recording recording;
	struct snapshot snapshot;
	int code = recording_open(&recording, name);

	if (code)
		return code;
	while (!code) {
		code = recording_next(&recording, &snapshot);
		if (code)
			break;
		code = take(report, &snapshot, name);
		snapshot_free(&snapshot);
	}
	recording_close(&recording);
	if (code == EXIT_NO && report->snapshots <= LEAST_RISES) {
		complain("%s: only %lu snapshots, too few to tell", name,
			 report->snapshots);
		return EXIT_INPUT;
	}
	return code == EXIT_NO ? EXIT_OK : code;
}

/* --- what is told --- */

enum suspicion { NONE, CACHE, LEAK };

static long long growth(const struct report *report, size_t i)
{
	return report->info.sites[i].bytes - report->tracks[i].first;
}

static enum suspicion suspicion(const struct report *report, size_t i)
{
	const struct track *track = &report->tracks[i];
	long long most = track->peak - track->first;

	if (most <= 0 || track->rises < LEAST_RISES)
		return NONE;
	if (site_kind(&report->info.sites[i]) == KIND_FILE ||
	    track->dropped > most / PART)
		return CACHE;
	return track->fall <= growth(report, i) / PART ? LEAK : NONE;
}

static int compare(const void *a, const void *b, void *arg)
{
	const struct report *report = arg;
	long long one = growth(report, *(const size_t *)a);
	long long other = growth(report, *(const size_t *)b);

	return (one < other) - (one > other);
}

static void print_site(const struct report *report, size_t i)
{
	const struct site *site = &report->info.sites[i];
	unsigned long long seconds = report->end - report->start;
	char grown[SIZE_TEXT], hour[SIZE_TEXT], now[SIZE_TEXT];
	char *name = site_name(site);

	printf("%12s %12s %12s %6lu of %-6lu  %s\n",
	       format_change(grown, growth(report, i)),
	       seconds ? format_change(hour, (double)growth(report, i) / seconds * 3600) :
			 "",
	       format_size(now, site->bytes), report->tracks[i].rises,
	       report->snapshots - 1, name);
	free(name);
}

/* Returns how many there are. */
static size_t print_those(const struct report *report, const size_t *order,
			  enum suspicion which, unsigned long long min, size_t lines)
{
	size_t i, shown = 0;

	printf("%12s %12s %12s %16s  %s\n", "growth", "in an hour", "now",
	       "grew in steps", "site");
	for (i = 0; i < report->info.nr; i++) {
		if (suspicion(report, order[i]) != which ||
		    (which == LEAK && growth(report, order[i]) < (long long)min))
			continue;
		if (shown++ < lines)
			print_site(report, order[i]);
	}
	if (shown > lines)
		printf("(%zu more)\n", shown - lines);
	return shown;
}

static int tell(struct report *report, unsigned long long min, size_t lines)
{
	size_t *order = xrealloc(NULL, report->info.nr, sizeof(*order));
	size_t i, leaks;

	for (i = 0; i < report->info.nr; i++)
		order[i] = i;
	qsort_r(order, report->info.nr, sizeof(*order), compare, report);
	printf("%lu snapshots in %llu s; caches were %s\n\n", report->snapshots,
	       report->end - report->start,
	       report->drops > report->first_drops ? "dropped meanwhile" :
		"not dropped, so some of these may be in what looks like leaks (record --drop-caches)");
	puts("Leak candidates: they grew again and again, and kept it.");
	leaks = print_those(report, order, LEAK, min, lines);
	puts("\nCaches: pages of files, and what was given back when caches were dropped.");
	print_those(report, order, CACHE, min, lines);
	free(order);
	return leaks ? EXIT_NO : EXIT_OK;
}

static int run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "min", required_argument, NULL, 'm' },
		{ "lines", required_argument, NULL, 'n' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	unsigned long long min = 0, lines = LINES;
	struct report report = { };
	bool good = true;
	int c, code;

	while (good && (c = getopt_long(argc, argv, "m:n:h", options, NULL)) != -1) {
		switch (c) {
		case 'm':
			good = parse_size(optarg, &min);
			break;
		case 'n':
			good = parse_count(optarg, &lines) && lines;
			break;
		case 'h':
			return usage_wanted(&command_report);
		default:
			good = false;
		}
	}
	if (!good || argc - optind != 1)
		return usage_error(&command_report);
	code = read_all(&report, argv[optind]);
	if (!code)
		code = tell(&report, min, lines);
	allocinfo_free(&report.info);
	free(report.tracks);
	free(report.boot);
	return code;
}

const struct command command_report = {
	.name = "report",
	.summary = "what looks like a leak in a recording",
	.usage = "usage: pgtag report [OPTION]... FILE\n\n"
		 "Sites that grew again and again and gave nothing back, the most first; and\n"
		 "apart from them caches. Ends with 1 if there is a candidate.\n\n"
		 "  -m, --min=SIZE  only leaks of that much: 4096, 64K, 10M\n"
		 "  -n, --lines=N   no more than so many of each\n\n"
		 "example: sudo pgtag record -d 1 -n 60 --drop-caches a.pgtag; pgtag report a.pgtag\n",
	.run = run,
};
