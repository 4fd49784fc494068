/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the guest programs that use memory have in common.
 */
#ifndef PROGS_MEMORY_H
#define PROGS_MEMORY_H

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE	4096UL
#define HUGE	(2UL << 20)

/* Younger than the C library this is built with. */
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif
#ifndef MADV_SOFT_OFFLINE
#define MADV_SOFT_OFFLINE 101
#endif

/* Takes a page back into use that was called broken; wants its number. */
#define UNPOISON	"/sys/kernel/debug/hwpoison/unpoison-pfn"

/* Writes to a control file of the kernel, which may well say no. */
static inline int tell(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write(fd, text, strlen(text));
	close(fd);
	return n > 0 ? 0 : -1;
}

/* Who has a broken page is told with SIGBUS, and if it does not listen, killed. */
static inline void on_bus(int sig)
{
	(void)sig;
}

static inline unsigned long pfn_of(const void *at)
{
	uint64_t entry = 0;
	int fd = open("/proc/self/pagemap", O_RDONLY);

	if (fd < 0)
		return 0;
	if (pread(fd, &entry, sizeof(entry),
		  (uintptr_t)at / PAGE * sizeof(entry)) < 0)
		entry = 0;
	close(fd);
	return entry & ((1ULL << 55) - 1);
}

#endif
