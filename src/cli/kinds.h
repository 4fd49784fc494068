/* SPDX-License-Identifier: GPL-2.0 */
/* What memory is used for: meminfo's kinds, and the sites behind each. */
#ifndef CLI_KINDS_H
#define CLI_KINDS_H

#include "snapshot.h"

enum kind {
	KIND_ANONYMOUS,
	KIND_SHMEM,
	KIND_FILE,
	KIND_SLAB,
	KIND_PAGE_TABLES,
	KIND_STACKS,
	KIND_PERCPU,
	KIND_HUGETLB,
	KIND_OTHER,
	NR_KINDS,
	/* Of no kind, for it lies in another's pages. */
	KIND_OBJECTS = NR_KINDS,
};

/**
 * struct kind_sum - what of a kind there is; all in bytes
 * @size: as the kernel counts it
 * @tagged: what its sites own
 * @before: from before the module was loaded, as far as it counted so much then
 */
struct kind_sum {
	long long size;
	long long tagged;
	long long before;
};

/**
 * struct memory - where all of it is
 * @total: MemTotal
 * @free: MemFree, and what waits in the CPUs' lists
 * @kinds: all the rest
 * @doubtful: what of other memory may be objects, which lie in slabs and then are
 *	counted twice: the kernel's own profiling does not tell
 */
struct memory {
	long long total;
	long long free;
	struct kind_sum kinds[NR_KINDS];
	long long doubtful;
};

/* Adds up to the total with what is free, tagged and from before the load. */
static inline long long kind_unexplained(const struct kind_sum *sum)
{
	return sum->size - sum->tagged - sum->before;
}

const char *kind_name(enum kind kind);
enum kind site_kind(const struct site *site);
struct kind_sum memory_sum(const struct memory *memory);
long long memory_unexplained(const struct memory *memory);
bool memory_account(struct memory *memory, const struct allocinfo *info,
		    const struct snapshot *snapshot);

#endif
