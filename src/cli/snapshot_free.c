// SPDX-License-Identifier: GPL-2.0
/*
 * The end of a snapshot, for who reads some without taking any.
 */
#include <stdlib.h>
#include <string.h>

#include "snapshot.h"

/**
 * snapshot_free - forget a snapshot
 * @snapshot: it may be empty
 */
void snapshot_free(struct snapshot *snapshot)
{
	free(snapshot->release);
	free(snapshot->boot);
	free(snapshot->build_id);
	free(snapshot->modules);
	free(snapshot->meminfo);
	free(snapshot->status);
	free(snapshot->allocinfo);
	memset(snapshot, 0, sizeof(*snapshot));
}
