// SPDX-License-Identifier: GPL-2.0
/*
 * pgtag report: what looks like a leak in a recording: what grows again and again,
 * gives nothing back, and keeps it when caches are dropped.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "kinds.h"
#include "limits.h"
#include "recording.h"
#include "rows.h"

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
	/* Each is far from it, but there may be any number. */
	if (dropped && before > after &&
	    __builtin_add_overflow(track->dropped, before - after, &track->dropped))
		track->dropped = LLONG_MAX;
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

static int take(void *context, struct snapshot *snapshot, const char *name)
{
	struct report *report = context;
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
	int code = recording_each(name, take, report);

	if (code == EXIT_OK && report->snapshots <= LEAST_RISES) {
		complain("%s: only %lu snapshots, too few to tell", name,
			 report->snapshots);
		return EXIT_INPUT;
	}
	return code;
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

/* What a second made may be more in an hour than can be written. */
static long long in_an_hour(long long bytes, unsigned long long seconds)
{
	double hour = (double)bytes / seconds * 3600;

	return hour >= LLONG_MAX ? LLONG_MAX : hour <= LLONG_MIN ? LLONG_MIN : hour;
}

static void print_site(const struct report *report, size_t i)
{
	const struct site *site = &report->info.sites[i];
	unsigned long long seconds = report->end - report->start;
	char grown[SIZE_TEXT], hour[SIZE_TEXT], now[SIZE_TEXT];
	char *name = site_name(site);

	printf("%12s %12s %12s %6lu of %-6lu  %s\n",
	       format_change(grown, growth(report, i)),
	       seconds ? format_change(hour, in_an_hour(growth(report, i), seconds)) :
			 "",
	       format_size(now, site->bytes), report->tracks[i].rises,
	       report->snapshots - 1, name);
	free(name);
}

/* Returns how many there are. */
static size_t print_those(const struct report *report, const size_t *order,
			  enum suspicion which, const struct limits *limits)
{
	size_t i, shown = 0;

	printf("%12s %12s %12s %16s  %s\n", "growth", "in an hour", "now",
	       "grew in steps", "site");
	for (i = 0; i < report->info.nr; i++) {
		if (suspicion(report, order[i]) != which ||
		    (which == LEAK && growth(report, order[i]) < (long long)limits->min))
			continue;
		if (shown++ < limits->lines)
			print_site(report, order[i]);
	}
	if (shown > limits->lines)
		printf("(%llu more)\n", shown - limits->lines);
	return shown;
}

static int tell(struct report *report, const struct limits *limits)
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
	leaks = print_those(report, order, LEAK, limits);
	puts("\nCaches: pages of files, and what was given back when caches were dropped.");
	print_those(report, order, CACHE, limits);
	free(order);
	return leaks ? EXIT_NO : EXIT_OK;
}

static int report(char **names, const struct limits *limits)
{
	struct report report = { };
	int code = read_all(&report, *names);

	if (!code)
		code = tell(&report, limits);
	allocinfo_free(&report.info);
	free(report.tracks);
	free(report.boot);
	return code;
}

static int run(int argc, char **argv)
{
	return run_with_limits(&command_report, argc, argv, 1, report);
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
