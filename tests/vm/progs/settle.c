// SPDX-License-Identifier: GPL-2.0
/*
 * settle: wait until what allocinfo adds up to is the same four times in a row, a
 * tenth of a second apart. What processes that ended leave behind is freed by RCU and
 * by kernel threads. Gives up after ten seconds.
 *
 * One process, and no script: each command of a script allocates memory, and leaves
 * some behind.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ALLOCINFO	"/sys/kernel/debug/pgtag/allocinfo"
#define TRIES		100
#define STILL		3

struct sum {
	long long bytes;
	long long calls;
};

static char text[1 << 22];

static int add_up(struct sum *sum)
{
	int fd = open(ALLOCINFO, O_RDONLY);
	size_t length = 0;
	char *line;
	ssize_t got;

	if (fd < 0)
		return -1;
	while ((got = read(fd, text + length, sizeof(text) - 1 - length)) > 0)
		length += got;
	close(fd);
	text[length] = '\0';
	memset(sum, 0, sizeof(*sum));
	for (line = text; line; line = strchr(line, '\n')) {
		char *calls;

		line += *line == '\n';
		/* What is no number, in the head, counts as none. */
		sum->bytes += strtoll(line, &calls, 10);
		sum->calls += strtoll(calls, NULL, 10);
	}
	return 0;
}

int main(void)
{
	struct sum last, now;
	int still = 0, tries;

	/* All memory that reading takes. */
	memset(text, 1, sizeof(text));
	if (add_up(&last)) {
		perror("settle: " ALLOCINFO);
		return 1;
	}
	for (tries = 0; still < STILL && tries < TRIES; tries++) {
		usleep(100000);
		if (add_up(&now))
			return 1;
		still = memcmp(&now, &last, sizeof(now)) ? 0 : still + 1;
		last = now;
	}
	return 0;
}
