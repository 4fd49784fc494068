/* SPDX-License-Identifier: GPL-2.0 */
/* What pgtag top shows: the model (top.c) and the screen (screen.c). */
#ifndef CLI_TOP_H
#define CLI_TOP_H

#include "recording.h"
#include "rows.h"

enum top_order {
	TOP_SIZE,
	TOP_CALLS,
	TOP_CHANGE,
	TOP_SINCE,
	TOP_NAME,
	NR_TOP_ORDERS,
};

/**
 * struct top_line - a row, and how it has changed
 * @row: now
 * @change: bytes since the last time
 * @since: bytes since the start
 */
struct top_line {
	const struct row *row;
	long long change;
	long long since;
};

/**
 * struct moment - sites at a time
 * @info: the sites
 * @rows: what they add up to
 * @time: in seconds, of any origin
 */
struct moment {
	struct allocinfo info;
	struct rows rows;
	double time;
};

/**
 * struct top - what is shown
 * @replay: a recording that is shown instead of this machine
 * @replays: there is one
 * @first: the start; the other two may be the same
 * @last: the time before
 * @now: this time
 * @by: what are rows
 * @order: what they are sorted by
 * @reverse: the least first
 * @filter: which sites
 * @total: MemTotal, 0 if not known
 * @free: MemFree
 * @line: array of @nr
 * @nr: how many lines
 */
struct top {
	struct recording replay;
	bool replays;
	struct moment *first, *last, *now;
	enum rows_by by;
	enum top_order order;
	bool reverse;
	struct filter filter;
	unsigned long long total, free;
	struct top_line *line;
	size_t nr;
};

int top_next(struct top *top);
void top_rearrange(struct top *top);
void top_sort(struct top *top);
double top_seconds(const struct top *top);
double top_elapsed(const struct top *top);
double top_clock(void);
long long top_rate(long long bytes, double seconds);
const char *top_order_name(enum top_order order);
const char *top_by_name(enum rows_by by);
int screen_run(struct top *top, double period, unsigned long long times);

#endif
