// SPDX-License-Identifier: GPL-2.0
/*
 * churn ROUNDS [SEED]: use memory in many ways at once. In each round several
 * processes do a number of random things each; with 0 rounds it goes on until
 * SIGTERM comes. When it ends, all its processes have ended.
 *
 * The same seed does the same things, in as far as that is in our hands. What
 * the kernel refuses (memory short, a control file missing) is passed over.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/mempolicy.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "memory.h"

#define WORKERS		4
#define DEEDS		40	/* of each worker in a round */

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static _Atomic sig_atomic_t stop;

static void on_term(int sig)
{
	(void)sig;
	stop = 1;
}

static uint32_t random_state;

static uint32_t any(uint32_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state % below;
}

static void touch(char *from, size_t length, size_t step)
{
	size_t i;

	for (i = 0; i < length; i += step)
		from[i] = i / PAGE;
}

static char seen;

/* Reading gives the zero page, and a huge one where it fits. */
static void look(const char *from, size_t length, size_t step)
{
	size_t i;

	for (i = 0; i < length; i += step)
		seen += from[i];
}

static char *anonymous(size_t length, int flags)
{
	char *map = mmap(NULL, length, PROT_READ | PROT_WRITE,
			 MAP_ANONYMOUS | flags, -1, 0);

	return map == MAP_FAILED ? NULL : map;
}

static void wait_for(pid_t pid)
{
	if (pid > 0)
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
}

static void share_with_child(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	wait_for(pid);
}

/*
 * Pages shared with a child are copied by whoever writes first. Who writes
 * last is then the only owner and uses the page again.
 */
static void copy_on_write(void)
{
	size_t length = (16 + any(240)) * PAGE;
	char *map = anonymous(length, MAP_PRIVATE);
	pid_t pid;

	if (!map)
		return;
	touch(map, length, PAGE);
	pid = fork();
	if (!pid) {
		touch(map, length, 2 * PAGE);
		_exit(0);
	}
	touch(map, length, 3 * PAGE);
	wait_for(pid);
	touch(map, length, PAGE);
	munmap(map, length);
}

static void resize(void)
{
	size_t length = (4 + any(120)) * PAGE;
	char *map = anonymous(length, MAP_PRIVATE);
	char *moved;

	if (!map)
		return;
	look(map, length, 2 * PAGE);
	touch(map, length, PAGE);
	munmap(map + length / 2, PAGE);
	moved = mremap(map, length / 2, 2 * length, MREMAP_MAYMOVE);
	if (moved == MAP_FAILED) {
		munmap(map, length);
		return;
	}
	touch(moved, 2 * length, PAGE);
	if (moved != map)
		munmap(map + length / 2, length - length / 2);
	munmap(moved, 2 * length);
}

/* What cuts a huge page: unmapping, discarding or protecting a part of it. */
static void huge_pages(void)
{
	const size_t length = 3 * HUGE;
	char *map = anonymous(length, MAP_PRIVATE);
	char *at;

	if (!map)
		return;
	at = (char *)(((uintptr_t)map + HUGE - 1) & ~(HUGE - 1));
	madvise(at, 2 * HUGE, MADV_HUGEPAGE);
	if (!any(4))
		look(at, HUGE, HUGE);
	touch(at, 2 * HUGE, 16 * PAGE);
	switch (any(4)) {
	case 0:
		munmap(at + any(512) * PAGE, PAGE);
		break;
	case 1:
		madvise(at + HUGE + any(256) * PAGE, 64 * PAGE, MADV_DONTNEED);
		break;
	case 2:
		mprotect(at + HUGE / 2, PAGE, PROT_READ);
		break;
	case 3:
		munmap(at + HUGE / 2, HUGE);
		break;
	}
	if (any(2))
		share_with_child();
	munmap(map, length);
}

/* Pages with the same content become one, until somebody writes. */
static void merge(void)
{
	size_t length = (32 + any(64)) * PAGE;
	char *map = anonymous(length, MAP_PRIVATE);

	if (!map)
		return;
	memset(map, 'm', length);
	if (!madvise(map, length, MADV_MERGEABLE))
		usleep(100000);
	touch(map, length / 2, PAGE);
	munmap(map, length);
}

static void swap(void)
{
	size_t length = (32 + any(200)) * PAGE;
	char *map = anonymous(length, MAP_PRIVATE);

	if (!map)
		return;
	touch(map, length, PAGE);
	madvise(map, length, MADV_PAGEOUT);
	look(map, length, 2 * PAGE);
	touch(map, length, 3 * PAGE);
	munmap(map, length);
}

static void collapse(void)
{
	char *map = anonymous(2 * HUGE, MAP_PRIVATE);
	char *at;

	if (!map)
		return;
	at = (char *)(((uintptr_t)map + HUGE - 1) & ~(HUGE - 1));
	madvise(at, HUGE, MADV_NOHUGEPAGE);
	touch(at, HUGE, (1 + any(8)) * PAGE);
	madvise(at, HUGE, MADV_HUGEPAGE);
	madvise(at, HUGE, MADV_COLLAPSE);
	munmap(map, 2 * HUGE);
}

/* From NUMA node to NUMA node, by address or all there is. */
static void move(void)
{
	size_t length = (16 + any(200)) * PAGE;
	char *map = anonymous(length, MAP_PRIVATE);
	unsigned long node = 1UL << any(2), other = 3 ^ node;

	if (!map)
		return;
	touch(map, length, PAGE);
	if (any(2))
		syscall(SYS_mbind, map, length, MPOL_BIND, &node, 64,
			MPOL_MF_MOVE);
	else
		syscall(SYS_migrate_pages, 0, 64, &node, &other);
	touch(map, length, PAGE);
	munmap(map, length);
}

/*
 * A page of memory goes bad, or is about to, and is taken back into use. Only
 * where it can be: a page that is about to go bad and memory that is about to be
 * taken away wait for each other for ever, in the kernel. And only if the kernel
 * could do something about it: of a page that is just being moved it keeps no
 * reference, and to take it back drops one none the less, which frees it under
 * whoever moves it.
 */
static void poison(void)
{
	char text[32];
	int handled;
	char *map;

	if (access(UNPOISON, W_OK))
		return;
	map = anonymous(PAGE, MAP_PRIVATE);
	if (!map)
		return;
	touch(map, PAGE, PAGE);
	snprintf(text, sizeof(text), "%lu", pfn_of(map));
	handled = !madvise(map, PAGE, any(2) ? MADV_SOFT_OFFLINE : MADV_HWPOISON);
	munmap(map, PAGE);
	if (handled)
		tell(UNPOISON, text);
}

static void file(void)
{
	char name[] = "/tmp/churn.XXXXXX";
	size_t length = (1 + any(600)) * PAGE;
	char buffer[PAGE];
	char *map;
	size_t i;
	int fd = mkstemp(name);

	if (fd < 0)
		return;
	memset(buffer, 'c', sizeof(buffer));
	for (i = 0; i < length; i += sizeof(buffer))
		if (write(fd, buffer, sizeof(buffer)) < 0)
			break;
	if (ftruncate(fd, length / 3 + 100))
		perror("churn: ftruncate");
	lseek(fd, 0, SEEK_SET);
	while (read(fd, buffer, sizeof(buffer)) > 0)
		;
	map = mmap(NULL, length, PROT_READ | PROT_WRITE,
		   any(2) ? MAP_SHARED : MAP_PRIVATE, fd, 0);
	if (map != MAP_FAILED) {
		touch(map, length / 3, PAGE);
		munmap(map, length);
	}
	unlink(name);
	close(fd);
}

static void *thread(void *arg)
{
	const size_t length = 64 * PAGE;
	char *map = anonymous(length, MAP_PRIVATE);

	if (map) {
		touch(map, length, PAGE);
		munmap(map, length);
	}
	touch(arg, 32 * PAGE, PAGE);
	return NULL;
}

static void threads(void)
{
	pthread_t id[3];
	char *shared = anonymous(32 * PAGE, MAP_PRIVATE);
	int n, i;

	if (!shared)
		return;
	for (n = 0; n < 3; n++)
		if (pthread_create(&id[n], NULL, thread, shared))
			break;
	madvise(shared, 16 * PAGE, MADV_DONTNEED);
	for (i = 0; i < n; i++)
		pthread_join(id[i], NULL);
	munmap(shared, 32 * PAGE);
}

static void again(void)
{
	pid_t pid = fork();

	if (!pid) {
		execl("/proc/self/exe", "churn", "nothing", (char *)NULL);
		_exit(127);
	}
	wait_for(pid);
}

static void through_pipe(void)
{
	char buffer[2 * PAGE];
	int ends[2], i;

	if (pipe(ends))
		return;
	memset(buffer, 'p', sizeof(buffer));
	for (i = 0; i < 6; i++)
		if (write(ends[1], buffer, sizeof(buffer)) < 0)
			break;
	if (any(2) && read(ends[0], buffer, sizeof(buffer)) < 0)
		perror("churn: pipe");
	close(ends[0]);
	close(ends[1]);
}

/* What moves and splits the pages of everybody else. */
static void whole_system(void)
{
	switch (any(3)) {
	case 0:
		tell("/proc/sys/vm/compact_memory", "1");
		break;
	case 1:
		tell("/sys/kernel/debug/split_huge_pages", "1");
		break;
	case 2:
		tell("/proc/sys/vm/drop_caches", "3");
		break;
	}
}

static void (*const deeds[])(void) = {
	copy_on_write, copy_on_write, resize, huge_pages, huge_pages, file,
	merge, swap, collapse, move, poison, threads, again, through_pipe,
	whole_system,
};

static void work(uint32_t seed)
{
	int i;

	random_state = seed | 1;
	for (i = 0; i < DEEDS && !stop; i++)
		deeds[any(ARRAY_SIZE(deeds))]();
	_exit(0);
}

static void one_round(uint32_t seed)
{
	pid_t pid[WORKERS];
	int i;

	for (i = 0; i < WORKERS; i++) {
		pid[i] = fork();
		if (!pid[i])
			work(seed * 2654435761U + i * 40503U);
	}
	for (i = 0; i < WORKERS; i++)
		wait_for(pid[i]);
}

int main(int argc, char **argv)
{
	struct sigaction term = { .sa_handler = on_term };
	unsigned int rounds, seed, i;

	if (argc > 1 && !strcmp(argv[1], "nothing"))
		return 0;
	if (argc < 2) {
		fprintf(stderr, "usage: churn ROUNDS [SEED]\n");
		return 1;
	}
	rounds = atoi(argv[1]);
	seed = argc > 2 ? atoi(argv[2]) : 1;
	sigaction(SIGTERM, &term, NULL);
	signal(SIGBUS, on_bus);
	for (i = 0; (i < rounds || !rounds) && !stop; i++)
		one_round(seed + i);
	return 0;
}
