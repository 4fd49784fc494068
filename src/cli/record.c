// SPDX-License-Identifier: GPL-2.0
/*
 * pgtag record: snapshots of this machine, one after the other, in a file.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "recording.h"

#define PERIOD	10
#define DROP	"/proc/sys/vm/drop_caches"

static int record_one(int fd, const char *name)
{
	struct snapshot snapshot;
	int code = snapshot_take(&snapshot);

	if (code)
		return code;
	code = recording_append(fd, name, &snapshot);
	snapshot_free(&snapshot);
	return code;
}

/* Written to or not, what there is to be dropped is clean then. */
static int drop_caches(void)
{
	int fd;
	bool dropped;

	sync();
	fd = open(DROP, O_WRONLY | O_CLOEXEC);
	dropped = fd >= 0 && write(fd, "3", 1) == 1;
	if (!dropped)
		complain("%s: %s", DROP, strerror(errno));
	if (fd >= 0)
		close(fd);
	return dropped ? EXIT_OK : EXIT_NO_DATA;
}

static void stop_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
}

static double seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* Returns false if it was stopped meanwhile; these signals come only here. */
static bool wait_until(double when)
{
	double left = when - seconds_now();
	struct timespec timeout = { };
	sigset_t set;

	if (left > 0) {
		timeout.tv_sec = left;
		timeout.tv_nsec = (left - timeout.tv_sec) * 1e9;
	}
	stop_signals(&set);
	while (sigtimedwait(&set, NULL, &timeout) < 0) {
		if (errno != EINTR)
			return true;
	}
	return false;
}

/**
 * struct request - what is wanted
 * @period: seconds from one snapshot to the next
 * @times: how many; 0: until it is stopped
 * @drop: drop caches at the end, and take one more
 */
struct request {
	unsigned long long period;
	unsigned long long times;
	bool drop;
};

static int record_all(int fd, const char *name, const struct request *request)
{
	double start = seconds_now();
	unsigned long long i = 1;
	int code = record_one(fd, name);

	while (!code && (!request->times || i < request->times) &&
	       wait_until(start + i * request->period)) {
		code = record_one(fd, name);
		i++;
	}
	if (!code && request->drop) {
		code = drop_caches();
		if (!code)
			code = record_one(fd, name);
	}
	return code;
}

static int record(const char *name, const struct request *request)
{
	int fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
	sigset_t set;
	int code;

	if (fd < 0) {
		complain("%s: %s", name, strerror(errno));
		return EXIT_OUTPUT;
	}
	/* Who stops it gets what there is, whole. */
	stop_signals(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	code = record_all(fd, name, request);
	/* Of no use to anybody, and in the way of another try. */
	if (code && lseek(fd, 0, SEEK_END) == 0)
		unlink(name);
	close(fd);
	return code;
}

static int run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "delay", required_argument, NULL, 'd' },
		{ "iterations", required_argument, NULL, 'n' },
		{ "drop-caches", no_argument, NULL, 'D' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	struct request request = { .period = PERIOD };
	bool good = true;
	int c;

	while (good && (c = getopt_long(argc, argv, "d:n:h", options, NULL)) != -1) {
		switch (c) {
		case 'd':
			good = parse_count(optarg, &request.period) &&
			       request.period && request.period <= 86400;
			break;
		case 'n':
			good = parse_count(optarg, &request.times) && request.times;
			break;
		case 'D':
			request.drop = true;
			break;
		case 'h':
			return usage_wanted(&command_record);
		default:
			good = false;
		}
	}
	if (!good || argc - optind != 1)
		return usage_error(&command_record);
	return record(argv[optind], &request);
}

const struct command command_record = {
	.name = "record",
	.summary = "write down what is, again and again",
	.usage = "usage: pgtag record [OPTION]... FILE\n\n"
		 "Until Ctrl-C, SIGTERM, a kill or a full disk: what was written by then can\n"
		 "be read, by report, top, show, diff, and by zcat. FILE must not exist. The\n"
		 "names of functions and modules, build-ids and meminfo are in it, no address.\n\n"
		 "  -d, --delay=SECONDS  between two snapshots, 10 if not said\n"
		 "  -n, --iterations=N   end after so many\n"
		 "      --drop-caches    at the end drop caches and take one more, so that\n"
		 "                       report can tell caches from leaks\n\n"
		 "example: sudo pgtag record -d 60 -n 60 --drop-caches hour.pgtag\n",
	.run = run,
};
