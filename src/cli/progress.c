// SPDX-License-Identifier: GPL-2.0
/*
 * One line on the terminal, once something takes more than a second: how far it is.
 * Nothing where stderr is none, and nothing is left of it in the end.
 */
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "progress.h"

/* Milliseconds until it is first shown, and between one and the next. */
#define FIRST	1000
#define NEXT	100

static const char *doing;	/* NULL: nobody wants to know */
static size_t done, all;
static long long next;		/* when to show it */
static bool shown;

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

/**
 * progress_begin - something that may take long begins
 * @what: is done
 * @of: so many steps
 */
void progress_begin(const char *what, size_t of)
{
	doing = isatty(STDERR_FILENO) ? what : NULL;
	done = 0;
	all = of;
	next = now() + FIRST;
	shown = false;
}

/**
 * progress_step - one step is done
 */
void progress_step(void)
{
	if (done < all)
		done++;
	if (!doing || now() < next)
		return;
	fprintf(stderr, "\r%s: %zu of %zu", doing, done, all);
	fflush(stderr);
	next = now() + NEXT;
	shown = true;
}

/**
 * progress_end - all is done
 */
void progress_end(void)
{
	/* Erases the line. */
	if (shown)
		fputs("\r\033[K", stderr);
	doing = NULL;
}
