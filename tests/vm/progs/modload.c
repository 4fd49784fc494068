// SPDX-License-Identifier: GPL-2.0
/*
 * modload [-n N] FILE [PARAMETER...]: load a module with one system call.
 *
 * With -n, of what can fail in that call (fault injection, all kinds the kernel
 * has) the Nth does, and a line says "injected", or "none" where there are fewer.
 *
 * The exit status is the errno of that call, 0 if the module was loaded. (The
 * insmod of busybox tries a second way when the first fails, so everything the
 * module says would be in the log twice.)
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The parameters in one string, as the kernel wants them. */
static int join(char *to, size_t size, char **words)
{
	size_t used = 0;

	*to = '\0';
	for (; *words; words++) {
		int n = snprintf(to + used, size - used, "%s%s",
				 used ? " " : "", *words);

		if (n < 0 || (size_t)n >= size - used)
			return -1;
		used += n;
	}
	return 0;
}

static int fail_nth(const char *n)
{
	int fd = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);

	if (fd < 0 || write(fd, n, strlen(n)) < 0) {
		perror("/proc/self/fail-nth");
		exit(255);
	}
	return fd;
}

/* What has not been reached is still to come. */
static void say_whether_injected(int fd)
{
	char left[16] = "";

	if (pread(fd, left, sizeof(left) - 1, 0) < 0)
		perror("/proc/self/fail-nth");
	if (write(fd, "0", 1) < 0)
		perror("/proc/self/fail-nth");
	puts(atoi(left) ? "none" : "injected");
}

static int load(int fd, const char *parameters)
{
	return syscall(SYS_finit_module, fd, parameters, 0) ? errno : 0;
}

int main(int argc, char **argv)
{
	char parameters[4096];
	const char *n = NULL;
	int fd, err, faults;

	if (argc > 2 && !strcmp(argv[1], "-n")) {
		n = argv[2];
		argc -= 2;
		argv += 2;
	}
	if (argc < 2 || join(parameters, sizeof(parameters), argv + 2)) {
		fprintf(stderr, "usage: modload [-n N] FILE [PARAMETER...]\n");
		return 255;
	}

	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		err = errno;
	} else if (n) {
		faults = fail_nth(n);
		err = load(fd, parameters);
		say_whether_injected(faults);
	} else {
		err = load(fd, parameters);
	}
	if (err)
		fprintf(stderr, "%s: %s\n", argv[1], strerror(err));
	return err;
}
