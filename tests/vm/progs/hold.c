// SPDX-License-Identifier: GPL-2.0
/*
 * hold MEGABYTES small|huge: keep anonymous memory, filled with a pattern, and
 * do to it what the lines on standard input ask for. Each is answered with one
 * line. After the start, and so after the first answer, the process allocates
 * nothing for itself:
 *
 *	"ready PID 0xSTART 0xEND"	said once the memory is there
 *	sum FUNCTION	"BYTES CALLS" of all of the function's sites in allocinfo
 *	count		"SITES", the tags in allocinfo that are in use
 *	thin		give every second page back
 *	trim		unmap the last page of each 2 MB
 *	pin		let a pipe hold the first page of each 2 MB
 *	unpin		give these references back
 *	bind NODE	move all of it to a NUMA node, "PAGES" are there then
 *	check		"intact", or "corrupt" where the pattern is not what it was
 *	quit
 *
 * What is not about a number is answered "ok", what fails "error ERRNO".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/mempolicy.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE	4096UL
#define HUGE	(2UL << 20)
#define ALLOCINFO "/sys/kernel/debug/pgtag/allocinfo"

static char *start;
static size_t size;

/*
 * The file is read in one piece into memory that is there already, so that
 * reading changes no counter of a call site for user memory.
 */
static char text[1 << 20];

/*
 * As many as let all of the data here stay below the size of a huge page, of
 * which the kernel would give us one of our own otherwise.
 */
#define MAX_PAGES (1 << 16)

static char state[MAX_PAGES];	/* is the page still there? */

static void *pages[MAX_PAGES];
static int status[MAX_PAGES];

static uint64_t pattern(size_t page)
{
	return 0x70677461675f0000ULL + page * 0x9e3779b97f4a7c15ULL;
}

static uint64_t *word(size_t page)
{
	return (uint64_t *)(start + page * PAGE);
}

static int get_memory(size_t megabytes, int advice)
{
	char *map;
	size_t i;

	size = megabytes << 20;
	if (!size || size / PAGE > MAX_PAGES)
		return -1;
	map = mmap(NULL, size + HUGE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (map == MAP_FAILED)
		return -1;
	start = (char *)(((uintptr_t)map + HUGE - 1) & ~(HUGE - 1));
	if (madvise(start, size, advice))
		return -1;

	for (i = 0; i < size / PAGE; i++) {
		*word(i) = pattern(i);
		state[i] = 1;
	}
	return 0;
}

static ssize_t read_all(const char *path)
{
	ssize_t n, used = 0;
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return -1;
	do {
		n = read(fd, text + used, sizeof(text) - 1 - used);
		if (n > 0)
			used += n;
	} while (n > 0);
	close(fd);
	text[used] = '\0';
	return n < 0 ? -1 : used;
}

/* Does the line, "BYTES CALLS ... func:NAME ", name this function? */
static int is_of(const char *line, const char *end, const char *function)
{
	const char *found = memmem(line, end - line, " func:", 6);
	size_t length = strlen(function);

	if (!found)
		return 0;
	found += 6;
	return (size_t)(end - found) > length &&
	       !strncmp(found, function, length) &&
	       strchr(" .", found[length]);
}

/* Adds up the lines of @function, of all functions where it is NULL. */
static int add_up(const char *function, long long *bytes, long long *calls)
{
	char *line, *end;
	int used = 0;

	*bytes = 0;
	*calls = 0;
	if (read_all(ALLOCINFO) < 0)
		return -1;
	for (line = text; (end = strchr(line, '\n')); line = end + 1) {
		long long b, c;

		if (sscanf(line, "%lld %lld", &b, &c) != 2)
			continue;
		if (function && !is_of(line, end, function))
			continue;
		*bytes += b;
		*calls += c;
		used += c != 0;
	}
	return used;
}

static void failed(void)
{
	printf("error %d\n", errno);
}

static void done(int err)
{
	if (err)
		failed();
	else
		puts("ok");
}

static void sum(const char *function)
{
	long long bytes, calls;

	if (add_up(function, &bytes, &calls) < 0)
		failed();
	else
		printf("%lld %lld\n", bytes, calls);
}

static void count(void)
{
	long long bytes, calls;
	int used = add_up(NULL, &bytes, &calls);

	if (used < 0)
		failed();
	else
		printf("%d\n", used);
}

static int drop(size_t page, int unmap)
{
	void *at = word(page);

	state[page] = 0;
	return unmap ? munmap(at, PAGE) : madvise(at, PAGE, MADV_DONTNEED);
}

static int drop_every(size_t n, int unmap)
{
	size_t i;

	for (i = n - 1; i < size / PAGE; i += n)
		if (drop(i, unmap))
			return -1;
	return 0;
}

static int ends[2];

static int pin(void)
{
	size_t i;

	if (pipe(ends) || fcntl(ends[1], F_SETPIPE_SZ, (int)(size / HUGE * PAGE)) < 0)
		return -1;
	for (i = 0; i < size; i += HUGE) {
		struct iovec page = { start + i, PAGE };

		if (vmsplice(ends[1], &page, 1, 0) != (ssize_t)PAGE)
			return -1;
	}
	return 0;
}

static int unpin(void)
{
	return close(ends[0]) || close(ends[1]) ? -1 : 0;
}

/* How many of the pages that are there lie on the node? */
static long on_node(int node)
{
	size_t i, n = 0;
	long there = 0;

	for (i = 0; i < size / PAGE; i++)
		if (state[i])
			pages[n++] = word(i);
	if (syscall(SYS_move_pages, 0, n, pages, NULL, status, 0))
		return -1;
	for (i = 0; i < n; i++)
		there += status[i] == node;
	return there;
}

static void bind_to(int node)
{
	unsigned long mask = 1UL << node;
	long there;

	if (syscall(SYS_mbind, start, size, MPOL_BIND, &mask, 8 * sizeof(mask),
		    MPOL_MF_MOVE | MPOL_MF_STRICT)) {
		failed();
		return;
	}
	there = on_node(node);
	if (there < 0)
		failed();
	else
		printf("%ld\n", there);
}

static void check(void)
{
	size_t i;

	for (i = 0; i < size / PAGE; i++) {
		if (state[i] && *word(i) != pattern(i)) {
			puts("corrupt");
			return;
		}
	}
	puts("intact");
}

static void serve(char *line)
{
	char verb[16] = "", what[128] = "";

	if (sscanf(line, "%15s %127s", verb, what) < 1)
		puts("error: nothing asked");
	else if (!strcmp(verb, "sum"))
		sum(what);
	else if (!strcmp(verb, "count"))
		count();
	else if (!strcmp(verb, "thin"))
		done(drop_every(2, 0));
	else if (!strcmp(verb, "trim"))
		done(drop_every(HUGE / PAGE, 1));
	else if (!strcmp(verb, "pin"))
		done(pin());
	else if (!strcmp(verb, "unpin"))
		done(unpin());
	else if (!strcmp(verb, "bind"))
		bind_to(atoi(what));
	else if (!strcmp(verb, "check"))
		check();
	else
		puts("error: what?");
}

int main(int argc, char **argv)
{
	char line[256];
	int huge;

	if (argc != 3) {
		fprintf(stderr, "usage: hold MEGABYTES small|huge\n");
		return 1;
	}
	huge = !strcmp(argv[2], "huge");
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	memset(text, 1, sizeof(text));
	memset(pages, 1, sizeof(pages));
	memset(status, 1, sizeof(status));
	if (get_memory(atoi(argv[1]), huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE)) {
		perror("hold");
		return 1;
	}

	printf("ready %d 0x%lx 0x%lx\n", getpid(), (unsigned long)start,
	       (unsigned long)(start + size));
	while (fgets(line, sizeof(line), stdin)) {
		if (!strncmp(line, "quit", 4))
			break;
		serve(line);
	}
	return 0;
}
