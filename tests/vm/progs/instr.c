// SPDX-License-Identifier: GPL-2.0
/*
 * instr COMMAND [ARGUMENT...]: run it between two marks (tests/vm/module/marks.h), on
 * a machine with one CPU. What it prints is thrown away; if it fails, so does this.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../module/marks.h"

static void run(char **argv)
{
	int null = open("/dev/null", O_WRONLY);

	if (null < 0 || dup2(null, 1) < 0)
		_exit(127);
	execvp(argv[0], argv);
	_exit(127);
}

int main(int argc, char **argv)
{
	int status = -1;
	pid_t child;

	if (argc < 2) {
		fprintf(stderr, "instr COMMAND [ARGUMENT...]\n");
		return 2;
	}
	mark(MARK_RESET);
	mark(MARK_COUNT);
	child = fork();
	if (!child)
		run(argv + 1);
	if (child < 0 || waitpid(child, &status, 0) != child || status) {
		fprintf(stderr, "instr: %s failed\n", argv[1]);
		return 1;
	}
	mark(MARK_END);
	mark(MARK_REPORT);
	return 0;
}
