// SPDX-License-Identifier: GPL-2.0
/*
 * pgtag plot: who had the memory over time, as a picture. gnuplot draws it.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands.h"
#include "recording.h"
#include "rows.h"

/* Of the bands, from the top; the last is all others'. More cannot be told apart. */
static const char * const colours[] = {
	"#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377",
	"#ee8866", "#44bb99", "#99ddff", "#bbcc33", "#bbbbbb",
};

/* Functions with a band of their own. */
#define BANDS	(ARRAY_SIZE(colours) - 1)

/* Seconds from which the day matters as well. */
#define LONG	(12 * 3600)

/**
 * struct band - what a function owned
 * @name: its name
 * @bytes: at each time; shorter than there are times if it was not seen later
 * @nr: of these
 * @peak: the most
 */
struct band {
	char *name;
	long long *bytes;
	size_t nr;
	long long peak;
};

/**
 * struct chart - all that is drawn
 * @times: in seconds since 1970, array of @nr
 * @nr: how many
 * @bands: by name, array of @nr_bands
 * @nr_bands: how many
 */
struct chart {
	unsigned long long *times;
	size_t nr;
	struct band *bands;
	size_t nr_bands;
};

/* --- what is drawn --- */

static int by_name(const void *a, const void *b)
{
	const struct band *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static int by_peak(const void *a, const void *b)
{
	const struct band *left = a, *right = b;

	if (left->peak != right->peak)
		return left->peak < right->peak ? 1 : -1;
	return by_name(a, b);
}

static void set(struct band *band, size_t at, long long bytes)
{
	band->bytes = xrealloc(band->bytes, at + 1, sizeof(*band->bytes));
	while (band->nr <= at)
		band->bytes[band->nr++] = 0;
	band->bytes[at] = bytes;
	if (bytes > band->peak)
		band->peak = bytes;
}

/* Both are in order of names, so what is new can be put at the end and sorted in. */
static void add_rows(struct chart *chart, struct rows *rows, size_t at)
{
	size_t i, known = chart->nr_bands;

	for (i = 0; i < rows->nr; i++) {
		struct band key = { .name = rows->row[i].name }, *found = NULL;

		if (known)
			found = bsearch(&key, chart->bands, known, sizeof(key), by_name);
		if (!found) {
			chart->bands = xrealloc(chart->bands, chart->nr_bands + 1,
						sizeof(*chart->bands));
			found = &chart->bands[chart->nr_bands++];
			*found = (struct band){ .name = xstrdup(rows->row[i].name) };
		}
		set(found, at, rows->row[i].bytes);
	}
	if (chart->nr_bands)
		qsort(chart->bands, chart->nr_bands, sizeof(*chart->bands), by_name);
}

/* allocinfo alone has no time, but its file has. */
static unsigned long long time_of(const struct snapshot *snapshot, const char *name)
{
	struct stat status;

	if (snapshot->time || stat(name, &status))
		return snapshot->time;
	return status.st_mtime;
}

static int add_snapshot(void *context, struct snapshot *snapshot, const char *name)
{
	unsigned long long time = time_of(snapshot, name);
	const struct filter all = { };
	struct chart *chart = context;
	struct allocinfo info;
	struct rows rows;
	int code = allocinfo_take(&info, snapshot->allocinfo, snapshot->length, name);

	snapshot->allocinfo = NULL;
	if (code)
		return code;
	if (chart->nr && time <= chart->times[chart->nr - 1]) {
		complain("%s: not later than what is before it", name);
		allocinfo_free(&info);
		return EXIT_INPUT;
	}
	chart->times = xrealloc(chart->times, chart->nr + 1, sizeof(*chart->times));
	chart->times[chart->nr] = time;
	rows_make(&rows, &info, BY_FUNCTION, &all);
	add_rows(chart, &rows, chart->nr++);
	rows_free(&rows);
	allocinfo_free(&info);
	return EXIT_OK;
}

static void free_chart(struct chart *chart)
{
	size_t i;

	for (i = 0; i < chart->nr_bands; i++) {
		free(chart->bands[i].name);
		free(chart->bands[i].bytes);
	}
	free(chart->bands);
	free(chart->times);
}

/* --- how --- */

static long long bytes_at(const struct band *band, size_t at)
{
	return at < band->nr && band->bytes[at] > 0 ? band->bytes[at] : 0;
}

/* A line for each time: each column is all up to this band. */
static void print_data(FILE *to, const struct chart *chart, size_t bands)
{
	size_t i, j;

	fputs("$data << EOD\n", to);
	for (i = 0; i < chart->nr; i++) {
		long long sum = 0;

		for (j = bands; j < chart->nr_bands; j++)
			sum += bytes_at(&chart->bands[j], i);
		fprintf(to, "%llu 0 %lld", chart->times[i], sum);
		for (j = bands; j-- > 0;) {
			sum += bytes_at(&chart->bands[j], i);
			fprintf(to, " %lld", sum);
		}
		putc('\n', to);
	}
	fputs("EOD\n", to);
}

/*
 * Names are of functions, but a file may say anything. In single quotes gnuplot takes
 * all as it is; in double quotes it would run what is in backquotes.
 */
static void print_quoted(FILE *to, const char *text)
{
	putc('\'', to);
	for (; *text; text++)
		putc(*text == '\'' ? '_' : *text, to);
	putc('\'', to);
}

static void print_plot(FILE *to, const struct chart *chart, size_t bands)
{
	size_t i;

	/* The key is read from the top, where the last band is. */
	fputs("set key outside right top invert noenhanced reverse Left\nplot ", to);
	for (i = 0; i <= bands; i++) {
		fprintf(to, "%s$data using 1:%zu:%zu with filledcurves lc rgb \"%s\" title ",
			i ? ", " : "", i + 2, i + 3, colours[i ? bands - i : BANDS]);
		print_quoted(to, i ? chart->bands[bands - i].name : "all others");
	}
	putc('\n', to);
}

static void print_script(FILE *to, const struct chart *chart, const char *terminal,
			 const char *output)
{
	size_t bands = chart->nr_bands < BANDS ? chart->nr_bands : BANDS;

	fprintf(to, "set terminal %s\nset output ", terminal);
	print_quoted(to, output);
	putc('\n', to);
	fprintf(to, "set format x \"%s\"\n",
		chart->times[chart->nr - 1] - chart->times[0] < LONG ? "%H:%M:%S" :
								       "%m-%d\\n%H:%M");
	fputs("set xdata time\nset timefmt \"%s\"\n"
	      "set format y \"%.0b %BB\"\nset yrange [0:*]\nset grid ytics\n"
	      "set title \"Memory by the function that allocated it\"\n"
	      "set style fill solid noborder\nset xtics nomirror\nset autoscale xfix\n", to);
	print_data(to, chart, bands);
	print_plot(to, chart, bands);
}

static int run_gnuplot(const struct chart *chart, const char *terminal,
		       const char *output)
{
	FILE *to;
	int status;

	/* Without gnuplot nobody reads; that is told. */
	signal(SIGPIPE, SIG_IGN);
	to = popen("gnuplot", "we");
	if (!to) {
		complain("gnuplot: %s", strerror(errno));
		return EXIT_OUTPUT;
	}
	print_script(to, chart, terminal, output);
	status = pclose(to);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		complain("this needs gnuplot (apt install gnuplot-nox)");
	return status ? EXIT_OUTPUT : EXIT_OK;
}

/* What draws a file whose name ends so, NULL if nobody knows. */
static const char *terminal_for(const char *output)
{
	static const char * const known[][2] = {
		{ ".svg", "svg size 1200,600 font \"sans,12\" background \"white\"" },
		{ ".png", "pngcairo size 1200,600 font \"sans,11\"" },
	};
	const char *end = strrchr(output, '.');
	size_t i;

	for (i = 0; end && i < ARRAY_SIZE(known); i++) {
		if (!strcmp(end, known[i][0]))
			return known[i][1];
	}
	return NULL;
}

static int plot(const struct chart *chart, const char *output)
{
	const char *terminal = terminal_for(output);

	if (chart->nr < 2) {
		complain("one moment is no picture: give a recording, or several files");
		return EXIT_INPUT;
	}
	qsort(chart->bands, chart->nr_bands, sizeof(*chart->bands), by_peak);
	return run_gnuplot(chart, terminal, output);
}

static int run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	const char *output = NULL;
	struct chart chart = { };
	int c, code = EXIT_OK;

	while ((c = getopt_long(argc, argv, "o:h", options, NULL)) != -1) {
		switch (c) {
		case 'o':
			output = optarg;
			break;
		case 'h':
			return usage_wanted(&command_plot);
		default:
			return usage_error(&command_plot);
		}
	}
	if (!output || optind == argc || !terminal_for(output) || strpbrk(output, "'\n"))
		return usage_error(&command_plot);
	for (; optind < argc && code == EXIT_OK; optind++)
		code = recording_each(argv[optind], add_snapshot, &chart);
	if (code == EXIT_OK)
		code = plot(&chart, output);
	free_chart(&chart);
	return code;
}

const struct command command_plot = {
	.name = "plot",
	.summary = "a picture of who had the memory over time",
	.usage = "usage: pgtag plot FILE... -o PICTURE\n\n"
		 "  FILE                  a recording (pgtag record), or copies of allocinfo,\n"
		 "                        the earliest first: their time is that of the file\n"
		 "  -o, --output=PICTURE  the name ends in .svg or .png\n\n"
		 "The ten functions that had most have a band each. Needs gnuplot.\n\n"
		 "example: pgtag plot recording -o memory.svg\n",
	.run = run,
};
