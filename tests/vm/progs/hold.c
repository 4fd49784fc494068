// SPDX-License-Identifier: GPL-2.0
/*
 * hold MEGABYTES small|huge|hugetlb: keep anonymous memory, filled with a pattern,
 * and do to it what the lines on standard input ask for. Each is answered with
 * one line:
 *
 *	thin		give every second page back
 *	trim		unmap the last page of each 2 MB
 *	pin		let a pipe hold the first page of each 2 MB
 *	unpin		give these references back
 *	use SECONDS	read all of it again and again, in two threads: NUMA
 *			balancing does not look at a single one that is at home
 *	compact		have the kernel compact all memory
 *	bind NODE	move all of it to a NUMA node, "PAGES" are there then
 *	collapse	have the kernel make huge pages of it
 *	swap		have the kernel swap it out
 *	same		write the same content into every page
 *	merge		let the kernel merge what is the same
 *	poison soft|hard	tell the kernel that its last page is about to
 *			break, or broken: "PFN" it was in
 *	mend PFN	have the kernel use it again
 *	device FILE	move it to a device of the kernel's lib/test_hmm.c
 *	system FILE	and back
 *	check		"intact", or "corrupt" where the pattern is not what it was
 *	during NAME COMMAND
 *			do the command and compare what allocinfo has for the
 *			function or place before and after: "same ANSWER" or, with what
 *			it was, "BYTES CALLS to BYTES CALLS, ANSWER"
 *	quit
 *
 * What is not about a number is answered "ok", what fails "error ERRNO". The
 * first line, said once the memory is there, is "ready PID 0xSTART 0xEND".
 *
 * The counters are compared here and not in a script because every command in a
 * script allocates memory for itself, at the same call site.
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
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "allocinfo.h"
#include "memory.h"

static char *start;
static size_t size;

static char text[1 << 20];	/* for allocinfo */

static char answer[512];

#define say(...) snprintf(answer, sizeof(answer), __VA_ARGS__)

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

/* Of hugetlb's pool, or of the kind that the advice asks for. */
static int get_memory(size_t megabytes, int hugetlb, int advice)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
	char *map;
	size_t i;

	size = megabytes << 20;
	if (!size || size / PAGE > MAX_PAGES)
		return -1;
	if (hugetlb)
		flags |= MAP_HUGETLB;
	map = mmap(NULL, size + HUGE, PROT_READ | PROT_WRITE, flags, -1, 0);
	if (map == MAP_FAILED)
		return -1;
	start = (char *)(((uintptr_t)map + HUGE - 1) & ~(HUGE - 1));
	/* Kernels without huge pages have small ones, and know of no advice. */
	if (!hugetlb && madvise(start, size, advice) &&
	    (errno != EINVAL || advice != MADV_NOHUGEPAGE))
		return -1;

	for (i = 0; i < size / PAGE; i++) {
		*word(i) = pattern(i);
		state[i] = 1;
	}
	return 0;
}

static void done(int err)
{
	if (err)
		say("error %d", errno);
	else
		say("ok");
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
		done(-1);
		return;
	}
	there = on_node(node);
	if (there < 0)
		done(-1);
	else
		say("%ld", there);
}

static void *read_for(void *seconds)
{
	struct timespec now, end;
	uintptr_t seen = 0;
	size_t i;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += *(int *)seconds;
	do {
		for (i = 0; i < size / PAGE; i++)
			if (state[i])
				seen += *word(i);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec < end.tv_sec);
	return (void *)seen;
}

static int use(int seconds)
{
	pthread_t other;

	errno = pthread_create(&other, NULL, read_for, &seconds);
	if (errno)
		return -1;
	read_for(&seconds);
	errno = pthread_join(other, NULL);
	return errno ? -1 : 0;
}

static void check(void)
{
	size_t i;

	for (i = 0; i < size / PAGE; i++) {
		if (state[i] && *word(i) != pattern(i)) {
			say("corrupt");
			return;
		}
	}
	say("intact");
}

/*
 * The advice wakes khugepaged, which may be busy with the same pages: then the
 * kernel says to try again.
 */
static int collapse(void)
{
	int tries = 50;

	if (madvise(start, size, MADV_HUGEPAGE))
		return -1;
	while (madvise(start, size, MADV_COLLAPSE)) {
		if (errno != EAGAIN || !--tries)
			return -1;
		usleep(100000);
	}
	return 0;
}

static int same(void)
{
	size_t i;

	for (i = 0; i < size / PAGE; i++)
		*word(i) = pattern(0);
	return 0;
}

static int merge(void)
{
	return madvise(start, size, MADV_MERGEABLE);
}

/* Who has a broken page is told, and if it does not listen, killed. */
static void poison(int hard)
{
	size_t last = size / PAGE - 1;
	unsigned long pfn = pfn_of(word(last));

	if (madvise(word(last), PAGE, hard ? MADV_HWPOISON : MADV_SOFT_OFFLINE)) {
		done(-1);
		return;
	}
	if (hard)
		state[last] = 0;
	say("%lu", pfn);
}

/* As in lib/test_hmm_uapi.h. */
struct dmirror_cmd {
	uint64_t addr;
	uint64_t ptr;
	uint64_t npages;
	uint64_t cpages;
	uint64_t faults;
};

#define MIGRATE_TO_DEV	_IOWR('H', 0x02, struct dmirror_cmd)
#define MIGRATE_TO_SYS	_IOWR('H', 0x03, struct dmirror_cmd)

/*
 * What the device then reads goes to memory that is of another site. When it is
 * closed all memory comes back, so it stays open: there is one at a time.
 */
static void move(const char *device, unsigned long where)
{
	static int fd = -1;
	void *mirror = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct dmirror_cmd cmd = {
		.addr = (uintptr_t)start,
		.ptr = (uintptr_t)mirror,
		.npages = size / PAGE,
	};
	int tries = 20;
	int err;

	if (fd < 0)
		fd = open(device, O_RDWR);
	/* A page that the kernel looks at just then stays where it is: "not there". */
	do {
		err = ioctl(fd, where, &cmd);
	} while (err && (errno == EINTR || (errno == ENOENT && tries--)));
	done(err);
	munmap(mirror, size);
}

/*
 * A page may outlive its process for a while, on a list of a CPU for pages that
 * are to go on the LRU lists. Moving a page, be it to where it is, makes the
 * kernel drain those first. So does compaction, where there are no nodes and so
 * not that call.
 */
static int drain(void)
{
	void *page = start;
	int node;

	if (access("/sys/devices/system/node", F_OK))
		return tell("/proc/sys/vm/compact_memory", "1");
	if (syscall(SYS_move_pages, 0, 1UL, &page, NULL, &node, 0) || node < 0)
		return -1;
	return syscall(SYS_move_pages, 0, 1UL, &page, &node, status,
		       MPOL_MF_MOVE);
}

/* All the stack that it takes, signals included, is there from now on. */
static void touch_stack(int sig)
{
	char deep[64 * 1024];

	memset(deep, sig, sizeof(deep));
	__asm__ volatile("" : : "r"(deep) : "memory");
}

static void serve(char *line);

static void during(const char *name, char *command)
{
	struct sum before, after;
	char its[sizeof(answer)];

	/* Who asked is a shell that allocates until it waits for the answer. */
	usleep(100000);
	if (drain() || add_up(name, &before, text, sizeof(text))) {
		done(-1);
		return;
	}
	serve(command);
	memcpy(its, answer, sizeof(its));
	if (add_up(name, &after, text, sizeof(text)))
		done(-1);
	else if (!memcmp(&before, &after, sizeof(after)))
		say("same %.99s", its);
	else
		say("%lld %lld to %lld %lld, %.99s", before.bytes, before.calls,
		    after.bytes, after.calls, its);
}

static void serve(char *line)
{
	char verb[16] = "", what[128] = "";
	int rest = 0;

	if (sscanf(line, "%15s %127s %n", verb, what, &rest) < 1)
		say("error: nothing asked");
	else if (!strcmp(verb, "thin"))
		done(drop_every(2, 0));
	else if (!strcmp(verb, "trim"))
		done(drop_every(HUGE / PAGE, 1));
	else if (!strcmp(verb, "pin"))
		done(pin());
	else if (!strcmp(verb, "unpin"))
		done(unpin());
	else if (!strcmp(verb, "use"))
		done(use(atoi(what)));
	else if (!strcmp(verb, "compact"))
		done(tell("/proc/sys/vm/compact_memory", "1"));
	else if (!strcmp(verb, "collapse"))
		done(collapse());
	else if (!strcmp(verb, "swap"))
		done(madvise(start, size, MADV_PAGEOUT));
	else if (!strcmp(verb, "same"))
		done(same());
	else if (!strcmp(verb, "merge"))
		done(merge());
	else if (!strcmp(verb, "poison"))
		poison(!strcmp(what, "hard"));
	else if (!strcmp(verb, "mend"))
		done(tell(UNPOISON, what));
	else if (!strcmp(verb, "device"))
		move(what, MIGRATE_TO_DEV);
	else if (!strcmp(verb, "system"))
		move(what, MIGRATE_TO_SYS);
	else if (!strcmp(verb, "bind"))
		bind_to(atoi(what));
	else if (!strcmp(verb, "check"))
		check();
	else if (!strcmp(verb, "during"))
		during(what, line + rest);
	else
		say("error: what?");
}

int main(int argc, char **argv)
{
	char line[256];
	int huge, hugetlb;

	if (argc != 3) {
		fprintf(stderr, "usage: hold MEGABYTES small|huge|hugetlb\n");
		return 1;
	}
	huge = !strcmp(argv[2], "huge");
	hugetlb = !strcmp(argv[2], "hugetlb");
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	signal(SIGBUS, touch_stack);
	raise(SIGBUS);
	signal(SIGBUS, on_bus);
	memset(text, 1, sizeof(text));
	memset(pages, 1, sizeof(pages));
	memset(status, 1, sizeof(status));
	if (get_memory(atoi(argv[1]), hugetlb, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE)) {
		perror("hold");
		return 1;
	}

	printf("ready %d 0x%lx 0x%lx\n", getpid(), (unsigned long)start,
	       (unsigned long)(start + size));
	while (fgets(line, sizeof(line), stdin)) {
		if (!strncmp(line, "quit", 4))
			break;
		serve(line);
		puts(answer);
	}
	return 0;
}
