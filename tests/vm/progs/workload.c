// SPDX-License-Identifier: GPL-2.0
/*
 * workload: instructions for what programs do all day, in a guest whose clock counts
 * them (see tests/vm/module/compat.h). Prints one line a case:
 *
 *	<case> <instructions for one>
 *
 * Each is done in several rounds, of which the cheapest counts: the first ones warm
 * up caches, and some have a timer tick in them. What callers of the allocator take
 * turns in most is forking.
 *
 * "workload nothing" does nothing; it is what is executed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE	4096
#define PAGES	64	/* a round of what is counted in pages */
#define ROUNDS	200

static char page[PAGE];

static uint64_t instructions(void)
{
#ifdef __x86_64__
	return __builtin_ia32_rdtsc();
#else
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_RAW, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
#endif
}

static void need(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "workload: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void fault(void)
{
	char *memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int i;

	need(memory != MAP_FAILED, "mmap");
	madvise(memory, PAGES * PAGE, MADV_NOHUGEPAGE);
	for (i = 0; i < PAGES; i++)
		memory[i * PAGE] = 1;
	munmap(memory, PAGES * PAGE);
}

static void tmpfs_write(void)
{
	int fd = memfd_create("workload", 0);
	int i;

	need(fd >= 0, "memfd_create");
	for (i = 0; i < PAGES; i++)
		need(write(fd, page, PAGE) == PAGE, "write");
	close(fd);
}

static void transfer(int to, int from)
{
	int i;

	for (i = 0; i < PAGES; i++) {
		need(write(to, page, PAGE) == PAGE, "write");
		need(read(from, page, PAGE) == PAGE, "read");
	}
}

static void through_pipe(void)
{
	static int ends[2];

	if (!ends[1])
		need(!pipe(ends), "pipe");
	transfer(ends[1], ends[0]);
}

static void through_socket(void)
{
	static int ends[2];

	if (!ends[1])
		need(!socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair");
	transfer(ends[0], ends[1]);
}

static void fork_exit(void)
{
	pid_t child = fork();

	need(child >= 0, "fork");
	if (!child)
		_exit(0);
	need(waitpid(child, NULL, 0) == child, "waitpid");
}

static void spawn_exec(void)
{
	static char * const argv[] = { "workload", "nothing", NULL };
	static char * const envp[] = { NULL };
	pid_t child;

	errno = posix_spawn(&child, "/proc/self/exe", NULL, NULL, argv, envp);
	need(!errno, "posix_spawn");
	need(waitpid(child, NULL, 0) == child, "waitpid");
}

static const struct {
	const char *name;
	void (*round)(void);
	int each;	/* so many in a round */
} cases[] = {
	{ "fault", fault, PAGES },
	{ "tmpfs_write", tmpfs_write, PAGES },
	{ "pipe", through_pipe, PAGES },
	{ "unix_socket", through_socket, PAGES },
	{ "fork_exit", fork_exit, 1 },
	{ "spawn_exec", spawn_exec, 1 },
	{ }
};

int main(int argc, char **argv)
{
	size_t i;
	int n;

	if (argc > 1 && !strcmp(argv[1], "nothing"))
		return 0;
	for (i = 0; cases[i].name; i++) {
		uint64_t best = UINT64_MAX;

		for (n = 0; n < ROUNDS; n++) {
			uint64_t start = instructions();
			uint64_t took;

			cases[i].round();
			took = instructions() - start;
			if (took < best)
				best = took;
		}
		printf("%s %llu\n", cases[i].name,
		       (unsigned long long)best / cases[i].each);
	}
	return 0;
}
