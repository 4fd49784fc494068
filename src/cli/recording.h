/* SPDX-License-Identifier: GPL-2.0 */
/* Snapshots in a file, one after the other. */
#ifndef CLI_RECORDING_H
#define CLI_RECORDING_H

#include <stdbool.h>
#include <zlib.h>

#include "snapshot.h"

/**
 * struct recording - a file that is read
 * @file: of zlib, which reads what is not compressed as it is
 * @name: for messages
 * @frames: how many were read
 * @plain: it is allocinfo alone
 */
struct recording {
	gzFile file;
	const char *name;
	unsigned long frames;
	bool plain;
};

int recording_open(struct recording *recording, const char *name);
int recording_next(struct recording *recording, struct snapshot *snapshot);
void recording_close(struct recording *recording);

typedef int (*recording_take)(void *context, struct snapshot *snapshot, const char *name);
int recording_each(const char *name, recording_take take, void *context);

int recording_append(int fd, const char *name, const struct snapshot *snapshot);

#endif
