/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tag index of each per-CPU allocation.
 */
#ifndef PGTAG_PERCPU_MAP_H
#define PGTAG_PERCPU_MAP_H

#include <linux/types.h>

/**
 * struct pgtag_area - a per-CPU allocation
 * @index: its tag
 * @bytes: of all CPUs, with what the allocator adds
 */
struct pgtag_area {
	u32 index;
	u32 bytes;
};

/* Looks at one; anything but 0 ends the walk. */
typedef int (*pgtag_area_visit_t)(const struct pgtag_area *area, void *arg);

int pgtag_percpu_map_init(void);
void pgtag_percpu_map_exit(void);
bool pgtag_percpu_put(const void __percpu *where, const struct pgtag_area *area,
		      struct pgtag_area *old);
bool pgtag_percpu_take(const void __percpu *where, struct pgtag_area *area);
int pgtag_percpu_walk(pgtag_area_visit_t visit, void *arg);
size_t pgtag_percpu_map_memory(void);

#endif
