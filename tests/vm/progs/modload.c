// SPDX-License-Identifier: GPL-2.0
/*
 * modload FILE [PARAMETER...]: load a module with one system call.
 *
 * The exit status is the errno of that call, 0 if the module was loaded. (The
 * insmod of busybox tries a second way when the first fails, so everything the
 * module says would be in the log twice.)
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
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

int main(int argc, char **argv)
{
	char parameters[4096];
	int fd, err;

	if (argc < 2 || join(parameters, sizeof(parameters), argv + 2)) {
		fprintf(stderr, "usage: modload FILE [PARAMETER...]\n");
		return 255;
	}

	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0 || syscall(SYS_finit_module, fd, parameters, 0)) {
		err = errno;
		fprintf(stderr, "%s: %s\n", argv[1], strerror(err));
		return err;
	}
	return 0;
}
