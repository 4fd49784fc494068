/* SPDX-License-Identifier: GPL-2.0 */
/* All that is known of a machine's memory at a moment. */
#ifndef CLI_SNAPSHOT_H
#define CLI_SNAPSHOT_H

#include "allocinfo.h"

/**
 * struct snapshot - a machine at a moment
 * @release: of its kernel, "" if not known, as all strings here
 * @boot: the kernel's id of the boot
 * @build_id: of the kernel, in hexadecimal
 * @modules: a line "NAME BUILD-ID" for each module
 * @meminfo: the kernel's file
 * @status: the module's file
 * @allocinfo: the sites as text; given away when it is parsed
 * @length: of @allocinfo
 * @time: seconds since 1970
 * @waiting: bytes that are free, in lists of the CPUs
 * @drops: how often caches were dropped
 */
struct snapshot {
	char *release;
	char *boot;
	char *build_id;
	char *modules;
	char *meminfo;
	char *status;
	char *allocinfo;
	size_t length;
	unsigned long long time;
	unsigned long long waiting;
	unsigned long long drops;
};

int snapshot_take(struct snapshot *snapshot);
int snapshot_load(struct snapshot *snapshot, struct allocinfo *info,
		  const char *from);
void snapshot_free(struct snapshot *snapshot);

#endif
