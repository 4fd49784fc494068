// SPDX-License-Identifier: GPL-2.0
/*
 * What is known of this machine's memory now. No raw address and no secret is in it,
 * as it may be sent to others: neither the command line nor names of processes.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "keys.h"
#include "pgtag.h"
#include "recording.h"
#include "running.h"
#include "snapshot.h"
#include "symbols.h"

/* A file, or nothing. */
static char *text_of(const char *path)
{
	size_t length;
	char *text = read_whole(path, &length);

	return text ? text : xstrdup("");
}

static char *kernel_build_id(void)
{
	char id[BUILD_ID_TEXT] = "";

	running_build_id("", id);
	return xstrdup(id);
}

static char *module_build_ids(void)
{
	struct dirent **names;
	char id[BUILD_ID_TEXT];
	char path[512];
	char *text;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	int i, nr = scandir("/sys/module", &names, NULL, alphasort);

	for (i = 0; i < nr; i++) {
		snprintf(path, sizeof(path), "/sys/module/%s/notes/.note.gnu.build-id",
			 names[i]->d_name);
		if (!access(path, F_OK)) {
			fprintf(to, "%s %s\n", names[i]->d_name,
				running_build_id(names[i]->d_name, id) ? id : "none");
		}
		free(names[i]);
	}
	if (nr >= 0)
		free(names);
	fclose(to);
	return text;
}

/* "              count:    123", in pages; there is one for each CPU and zone. */
static unsigned long long waiting_bytes(void)
{
	static const char key[] = " count:";
	unsigned long long pages = 0;
	char *zones = text_of("/proc/zoneinfo");
	const char *at = zones;

	while ((at = strstr(at, key))) {
		at += strlen(key);
		pages += strtoull(at, NULL, 10);
	}
	free(zones);
	return pages * sysconf(_SC_PAGESIZE);
}

/* "drop_pagecache 1" */
static unsigned long long drops(void)
{
	static const char * const keys[] = { "\ndrop_pagecache ", "\ndrop_slab " };
	char *vmstat = text_of("/proc/vmstat");
	unsigned long long nr = 0;
	const char *at;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		at = strstr(vmstat, keys[i]);
		if (at)
			nr += strtoull(at + strlen(keys[i]), NULL, 10);
	}
	free(vmstat);
	return nr;
}

static char *first_line(char *text)
{
	text[strcspn(text, "\n")] = '\0';
	return text;
}

/**
 * snapshot_take - find out what is known of this machine now, or say why not
 * @snapshot: result; nothing to be freed in it on error
 *
 * Return: an exit code.
 */
int snapshot_take(struct snapshot *snapshot)
{
	struct utsname name;
	int code;

	memset(snapshot, 0, sizeof(*snapshot));
	code = allocinfo_read(&snapshot->allocinfo, &snapshot->length);
	if (code)
		return code;
	snapshot->meminfo = text_of("/proc/meminfo");
	snapshot->status = text_of(PGTAG_DIR "/status");
	snapshot->waiting = waiting_bytes();
	snapshot->drops = drops();
	snapshot->time = time(NULL);
	snapshot->release = xstrdup(uname(&name) ? "" : name.release);
	snapshot->boot = first_line(text_of("/proc/sys/kernel/random/boot_id"));
	snapshot->build_id = kernel_build_id();
	snapshot->modules = module_build_ids();
	return EXIT_OK;
}

static int keep_last(void *context, struct snapshot *snapshot, const char *name)
{
	struct snapshot *last = context;

	(void)name;
	snapshot_free(last);
	*last = *snapshot;
	memset(snapshot, 0, sizeof(*snapshot));
	return EXIT_OK;
}

/* The last one of a recording. */
static int load_last(struct snapshot *snapshot, const char *name)
{
	int code;

	memset(snapshot, 0, sizeof(*snapshot));
	code = recording_each(name, keep_last, snapshot);
	if (code) {
		snapshot_free(snapshot);
	} else if (!snapshot->allocinfo) {
		complain("%s: nothing in it", name);
		code = EXIT_INPUT;
	}
	return code;
}

/**
 * snapshot_load - read a snapshot and its sites, and say so if that fails
 * @snapshot: result
 * @info: its sites; nothing to be freed in both on error
 * @from: a recording, of which it is the last, or allocinfo alone, plain or
 *	compressed; "-" for stdin, NULL for this machine
 *
 * Return: an exit code.
 */
int snapshot_load(struct snapshot *snapshot, struct allocinfo *info,
		  const char *from)
{
	int code = from ? load_last(snapshot, from) : snapshot_take(snapshot);

	if (code)
		return code;
	code = allocinfo_take(info, snapshot->allocinfo, snapshot->length,
			      from ? from : "allocinfo");
	snapshot->allocinfo = NULL;
	if (code)
		snapshot_free(snapshot);
	return code;
}
