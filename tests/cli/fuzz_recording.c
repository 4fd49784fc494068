// SPDX-License-Identifier: GPL-2.0
/*
 * Whatever a recording says, compressed or not, reading it does not crash, and what it
 * gives is whole.
 */
#include <assert.h>
#include <stdint.h>
#include <sys/mman.h>

#include "../../src/cli/pgtag.h"

/* What is said of what is wrong would be all that is to be seen. */
static inline void ignore(const char *format, ...)
{
}

#define complain ignore
#include "../../src/cli/recording.c"
#undef complain
#include "../../src/cli/snapshot_free.c"
#include "../../src/cli/util.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct recording recording;
	struct snapshot snapshot;
	char name[32];
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	assert(write(fd, data, size) == (ssize_t)size);
	lseek(fd, 0, SEEK_SET);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	assert(!recording_open(&recording, name));
	while (!recording_next(&recording, &snapshot)) {
		assert(strlen(snapshot.allocinfo) <= snapshot.length);
		assert(!snapshot.allocinfo[snapshot.length]);
		snapshot_free(&snapshot);
	}
	recording_close(&recording);
	close(fd);
	return 0;
}
