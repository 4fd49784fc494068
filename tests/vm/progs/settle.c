// SPDX-License-Identifier: GPL-2.0
/*
 * settle: wait until what allocinfo adds up to is the same four times in a row, a
 * tenth of a second apart. What processes that ended leave behind is freed by RCU and
 * by kernel threads. Gives up after ten seconds.
 *
 * One process, and no script: each command of a script allocates memory, and leaves
 * some behind.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "allocinfo.h"

#define TRIES	100
#define STILL	3

static char text[1 << 22];

int main(void)
{
	struct sum last, now;
	int still = 0, tries;

	/* All memory that reading takes. */
	memset(text, 1, sizeof(text));
	if (add_up(NULL, &last, text, sizeof(text))) {
		perror("settle: " ALLOCINFO);
		return 1;
	}
	for (tries = 0; still < STILL && tries < TRIES; tries++) {
		usleep(100000);
		if (add_up(NULL, &now, text, sizeof(text)))
			return 1;
		still = memcmp(&now, &last, sizeof(now)) ? 0 : still + 1;
		last = now;
	}
	return 0;
}
