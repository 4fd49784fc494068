// SPDX-License-Identifier: GPL-2.0
/*
 * The screen of pgtag top.
 */
#include <curses.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "pgtag.h"
#include "top.h"

/* Lines above the table; where there is less than these and one, nothing is shown. */
#define HEAD		4
/* So wide that there is room for one column more. */
#define WIDE		100

enum colour { GROWS = 1, SHRINKS = 2 };

/**
 * struct screen - what is on it
 * @top: shown
 * @from: the first line of the table that is
 * @frozen: no refresh
 * @ended: the recording is at its end
 * @help: keys are shown instead
 * @note: for the user, once
 * @pattern: what sites must match
 */
struct screen {
	struct top *top;
	size_t from;
	bool frozen, ended, help;
	const char *note;
	char pattern[80];
};

static const char keys[] =
	"s  sort by size             r  the least first\n"
	"c  sort by calls            g  add up by site, module, function, file\n"
	"d  sort by delta            /  only sites that match (empty: all)\n"
	"t  sort by delta from start f  freeze, go on\n"
	"n  sort by name             q  quit\n"
	"arrows, page up and down, home: move\n\n"
	"delta and delta/s are since the last refresh.\n";

/* As format_size(), in few columns: "12.3M". */
static const char *brief(char *buffer, long long bytes, const char *sign)
{
	static const char units[] = "BKMGTP";
	double value = bytes < 0 ? -(double)bytes : bytes;
	size_t unit = 0;

	while (value >= 999.95 && unit < strlen(units) - 1) {
		value /= 1024;
		unit++;
	}
	snprintf(buffer, SIZE_TEXT, "%s%.*f%c", bytes < 0 ? "-" : bytes ? sign : "",
		 unit ? 1 : 0, value, units[unit]);
	return buffer;
}

/* One line, cut at the edge. */
static void put(int y, const char *text)
{
	mvaddnstr(y, 0, text, COLS);
	clrtoeol();
}

static void draw_totals(const struct screen *screen)
{
	const struct top *top = screen->top;
	char total[SIZE_TEXT], free_text[SIZE_TEXT], tagged[SIZE_TEXT], text[256];

	snprintf(text, sizeof(text), "pgtag top: %.0f s%s%s", top_elapsed(top),
		 screen->frozen ? ", frozen" : "",
		 screen->ended ? ", the recording ends here" : "");
	put(0, text);
	snprintf(text, sizeof(text), "memory: %s total, %s free, %s tagged; %zu %ss",
		 brief(total, top->total, ""), brief(free_text, top->free, ""),
		 brief(tagged, allocinfo_bytes(&top->now->info), ""), top->nr,
		 top_by_name(top->by));
	put(1, text);
	if (screen->note)
		snprintf(text, sizeof(text), "%s", screen->note);
	else
		snprintf(text, sizeof(text), "by %s, sorted by %s%s%s%s   (? help)",
			 top_by_name(top->by), top_order_name(top->order),
			 top->reverse ? ", the least first" : "",
			 top->filter.has_site ? ", matching " : "",
			 top->filter.has_site ? screen->pattern : "");
	put(2, text);
}

static void draw_header(const struct screen *screen)
{
	char text[256];

	snprintf(text, sizeof(text), "%8s %9s %8s %8s %8s %s%s", "size", "calls",
		 "delta", "delta/s", "start", COLS >= WIDE ? " start/s " : "",
		 top_by_name(screen->top->by));
	attron(A_REVERSE);
	mvprintw(HEAD - 1, 0, "%-*.*s", COLS, COLS, text);
	attroff(A_REVERSE);
}

static void draw_line(const struct top *top, const struct top_line *line, int y)
{
	char size[SIZE_TEXT], change[SIZE_TEXT], speed[SIZE_TEXT];
	char since[SIZE_TEXT], mean[SIZE_TEXT], text[512];
	int colour = 0, used;

	used = snprintf(text, sizeof(text), "%8s %9llu %8s %8s %8s ",
			brief(size, line->row->bytes, ""), line->row->calls,
			brief(change, line->change, "+"),
			brief(speed, top_rate(line->change, top_seconds(top)), "+"),
			brief(since, line->since, "+"));
	if (COLS >= WIDE)
		used += snprintf(text + used, sizeof(text) - used, "%8s ",
				 brief(mean, top_rate(line->since, top_elapsed(top)),
				       "+"));
	snprintf(text + used, sizeof(text) - used, "%s%s", line->row->name,
		 line->row->inaccurate ? " (not accurate)" : "");
	if (has_colors() && line->change)
		colour = COLOR_PAIR(line->change > 0 ? GROWS : SHRINKS);
	attron(colour);
	put(y, text);
	attroff(colour);
}

static size_t room(void)
{
	return LINES > HEAD ? LINES - HEAD : 0;
}

static void draw_help(void)
{
	erase();
	mvaddstr(0, 0, "pgtag top: keys\n\n");
	addstr(keys);
	addstr("\nAny key goes back.");
	refresh();
}

static void draw(const struct screen *screen)
{
	size_t i, nr = room();

	if (screen->help) {
		draw_help();
		return;
	}
	erase();
	draw_totals(screen);
	draw_header(screen);
	for (i = 0; i < nr && screen->from + i < screen->top->nr; i++)
		draw_line(screen->top, &screen->top->line[screen->from + i], HEAD + i);
	refresh();
}

static void ask_pattern(struct screen *screen)
{
	struct top *top = screen->top;
	char text[sizeof(screen->pattern)] = "";

	put(2, "sites that match: ");
	echo();
	curs_set(1);
	timeout(-1);
	if (mvgetnstr(2, 18, text, sizeof(text) - 1) == ERR)
		text[0] = '\0';
	noecho();
	curs_set(0);
	filter_free(&top->filter);
	if (text[0] && regcomp(&top->filter.site, text, REG_EXTENDED | REG_NOSUB)) {
		screen->note = "that is no regular expression";
		text[0] = '\0';
	}
	top->filter.has_site = text[0];
	memcpy(screen->pattern, text, sizeof(text));
	screen->from = 0;
	top_rearrange(top);
}

static void move_by(struct screen *screen, long lines)
{
	size_t most = screen->top->nr > room() ? screen->top->nr - room() : 0;
	long from = (long)screen->from + lines;

	screen->from = from < 0 ? 0 : (size_t)from > most ? most : (size_t)from;
}

static bool order_by(struct screen *screen, int key)
{
	static const char order_keys[] = {
		[TOP_SIZE] = 's',
		[TOP_CALLS] = 'c',
		[TOP_CHANGE] = 'd',
		[TOP_SINCE] = 't',
		[TOP_NAME] = 'n',
	};
	int i;

	for (i = 0; i < NR_TOP_ORDERS; i++) {
		if (key != order_keys[i])
			continue;
		screen->top->order = i;
		top_sort(screen->top);
		return true;
	}
	return false;
}

/* Returns false if that is the end. */
static bool take_key(struct screen *screen, int key)
{
	struct top *top = screen->top;

	screen->note = NULL;
	if (screen->help) {
		screen->help = false;
		return true;
	}
	if (order_by(screen, key))
		return true;
	switch (key) {
	case 'q':
		return false;
	case 'r':
		top->reverse = !top->reverse;
		top_sort(top);
		break;
	case 'g':
		top->by = (top->by + 1) % (BY_FILE + 1);
		screen->from = 0;
		top_rearrange(top);
		break;
	case 'f':
		screen->frozen = !screen->frozen;
		break;
	case '/':
		ask_pattern(screen);
		break;
	case '?':
	case 'h':
		screen->help = true;
		break;
	case KEY_DOWN:
		move_by(screen, 1);
		break;
	case KEY_UP:
		move_by(screen, -1);
		break;
	case KEY_NPAGE:
		move_by(screen, room());
		break;
	case KEY_PPAGE:
		move_by(screen, -(long)room());
		break;
	case KEY_HOME:
		screen->from = 0;
		break;
	default:
		/* Among them KEY_RESIZE: all is drawn anew. */
		break;
	}
	return true;
}

/* Nobody can press a key any more: stdin is at its end, or its terminal is gone. */
static bool no_more_keys(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	int bytes = 0;

	return poll(&input, 1, 0) > 0 &&
	       (ioctl(STDIN_FILENO, FIONREAD, &bytes) || !bytes);
}

/* Keys until it is time for a refresh. Returns false at the end. */
static bool wait_for_keys(struct screen *screen, double until)
{
	double left;
	int key;

	while ((left = until - top_clock()) > 0) {
		timeout(left * 1000 + 1);
		key = getch();
		if (key == ERR && no_more_keys())
			return false;
		if (key == ERR)
			continue;
		if (!take_key(screen, key))
			return false;
		draw(screen);
	}
	return true;
}

static int loop(struct screen *screen, double period, unsigned long long times)
{
	unsigned long long i;
	int code;

	/* The first is on the screen. */
	for (i = 1; !times || i < times; i++) {
		if (!screen->frozen && !screen->ended) {
			code = top_next(screen->top);
			if (code == EXIT_NO)
				screen->ended = true;
			else if (code)
				return code;
		}
		move_by(screen, 0);
		draw(screen);
		if (!wait_for_keys(screen, top_clock() + period))
			break;
	}
	return EXIT_OK;
}

static bool begin(void)
{
	if (!newterm(NULL, stdout, stdin)) {
		complain("this terminal is not known (TERM): pgtag top -o needs none");
		return false;
	}
	cbreak();
	noecho();
	curs_set(0);
	keypad(stdscr, TRUE);
	if (has_colors()) {
		start_color();
		use_default_colors();
		init_pair(GROWS, COLOR_RED, -1);
		init_pair(SHRINKS, COLOR_GREEN, -1);
	}
	return true;
}

/**
 * screen_run - show it on the terminal until the user has enough
 * @top: it
 * @period: seconds between two refreshes
 * @times: how many; 0: for ever
 *
 * Return: an exit code.
 */
int screen_run(struct top *top, double period, unsigned long long times)
{
	struct screen screen = { .top = top };
	/* What is said when the screen is there would be lost. */
	int code = top_next(top);

	if (code) {
		if (code == EXIT_NO)
			complain("nothing to show");
		return code == EXIT_NO ? EXIT_INPUT : code;
	}
	if (!begin())
		return EXIT_USAGE;
	draw(&screen);
	if (wait_for_keys(&screen, top_clock() + period))
		code = loop(&screen, period, times);
	endwin();
	if (code)
		complain("nothing more to show (pgtag status says why)");
	return code;
}
