// SPDX-License-Identifier: GPL-2.0
/*
 * Recordings. A frame is text,
 *
 *	pgtag frame - version: 1.0
 *	KEY LENGTH
 *	LENGTH bytes, and a newline
 *	...
 *	end 0
 *
 * compressed by itself, as a member of the gzip file that all of them are: so what was
 * written before a kill or on a full disk can be read, with zcat, too. Keys that are not
 * known are skipped. What changes the meaning of a key changes the first number of the
 * version.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pgtag.h"
#include "recording.h"

#define FRAME	"pgtag frame - version: "
#define MAJOR	1
#define MINOR	0
/* More than any allocinfo has (source.c). */
#define MOST	(256UL << 20)

/**
 * recording_open - begin to read a recording, or say why not
 * @recording: result, to be closed if this succeeds
 * @name: of the file, "-" for stdin; stays until then
 *
 * Return: an exit code.
 */
int recording_open(struct recording *recording, const char *name)
{
	int fd = strcmp(name, "-") ? open(name, O_RDONLY | O_CLOEXEC) :
				     dup(STDIN_FILENO);

	memset(recording, 0, sizeof(*recording));
	recording->name = strcmp(name, "-") ? name : "stdin";
	recording->file = fd < 0 ? NULL : gzdopen(fd, "rb");
	if (recording->file)
		return EXIT_OK;
	complain("%s: %s", recording->name, strerror(errno));
	if (fd >= 0)
		close(fd);
	return EXIT_NO_DATA;
}

/**
 * recording_close - end reading
 * @recording: opened
 */
void recording_close(struct recording *recording)
{
	gzclose(recording->file);
}

static int broken(const struct recording *recording, const char *what)
{
	complain("%s: frame %lu: %s", recording->name, recording->frames + 1, what);
	return EXIT_INPUT;
}

static int broken_value(const struct recording *recording, const char *key)
{
	complain("%s: frame %lu: %s is not what can be", recording->name,
		 recording->frames + 1, key);
	return EXIT_INPUT;
}

/* The end of what was written before a kill is no error: what is whole can be read. */
static int cut_short(const struct recording *recording)
{
	int error;
	const char *why = gzerror(recording->file, &error);

	if (error == Z_ERRNO || error == Z_DATA_ERROR)
		return broken(recording, error == Z_ERRNO ? strerror(errno) : why);
	if (!recording->frames)
		return broken(recording, "cut short");
	complain("%s: its last frame is cut short, and left out", recording->name);
	return EXIT_NO;
}

/* Did the file end in the midst of a line? */
static bool half(const struct recording *recording, const char *line)
{
	return !strchr(line, '\n') && gzeof(recording->file);
}

/* All the rest of the file; @head is what was read of it. */
static int read_plain(struct recording *recording, struct snapshot *snapshot,
		      const char *head)
{
	size_t used = strlen(head), room = 1UL << 16;
	char *text = xrealloc(NULL, room, 1);
	int got;

	recording->plain = true;
	memcpy(text, head, used);
	while ((got = gzread(recording->file, text + used, room - used - 1)) > 0) {
		used += got;
		if (used > MOST) {
			free(text);
			return broken(recording, "too long");
		}
		if (room - used < room / 4) {
			room *= 2;
			text = xrealloc(text, room, 1);
		}
	}
	if (got < 0) {
		free(text);
		return cut_short(recording);
	}
	text[used] = '\0';
	snapshot->allocinfo = text;
	snapshot->length = used;
	recording->frames++;
	return EXIT_OK;
}

/* Returns the value of "KEY LENGTH", with a NUL at its end; NULL if it is cut short. */
static char *read_value(struct recording *recording, unsigned long length)
{
	char *value = xrealloc(NULL, length + 1, 1);

	if (gzread(recording->file, value, length + 1) != (int)length + 1) {
		free(value);
		return NULL;
	}
	value[length] = '\0';
	return value;
}

/* Lines that a terminal may be given: see allocinfo.c, which judges its own. */
static bool is_text(const char *value, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++) {
		if (!is_printable(value[i]) && value[i] != '\n' && value[i] != '\t')
			return false;
	}
	return true;
}

/* There are no more seconds either, nor anything else. */
static bool take_number(unsigned long long *number, const char *value)
{
	return parse_count(value, number) && *number <= MOST_BYTES;
}

/* Takes the value, or returns false if it is not what it should be. */
static bool take_value(struct snapshot *snapshot, const char *key, char *value,
		       unsigned long length)
{
	const struct {
		const char *key;
		char **text;
		unsigned long long *number;
	} keys[] = {
		{ "release", &snapshot->release },
		{ "boot", &snapshot->boot },
		{ "build-id", &snapshot->build_id },
		{ "modules", &snapshot->modules },
		{ "meminfo", &snapshot->meminfo },
		{ "status", &snapshot->status },
		{ "allocinfo", &snapshot->allocinfo },
		{ "time", NULL, &snapshot->time },
		{ "waiting", NULL, &snapshot->waiting },
		{ "drops", NULL, &snapshot->drops },
	};
	bool good = true;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (strcmp(key, keys[i].key))
			continue;
		if (keys[i].number) {
			good = take_number(keys[i].number, value);
		} else {
			free(*keys[i].text);
			*keys[i].text = value;
			value = NULL;
		}
		if (keys[i].text == &snapshot->allocinfo)
			snapshot->length = length;
		else if (keys[i].text)
			good = is_text(*keys[i].text, length);
	}
	free(value);
	return good;
}

static int read_values(struct recording *recording, struct snapshot *snapshot)
{
	char line[80], key[21], end;
	unsigned long length;
	char *value;

	while (gzgets(recording->file, line, sizeof(line)) &&
	       !half(recording, line)) {
		if (sscanf(line, "%20s %9lu%c", key, &length, &end) != 3 ||
		    end != '\n' || length > MOST)
			return broken(recording, "a line that is no key with a length");
		if (!strcmp(key, "end")) {
			if (!snapshot->allocinfo)
				return broken(recording, "no allocinfo in it");
			recording->frames++;
			return EXIT_OK;
		}
		value = read_value(recording, length);
		if (!value)
			break;
		if (!take_value(snapshot, key, value, length))
			return broken_value(recording, key);
	}
	return cut_short(recording);
}

/**
 * recording_next - read the next snapshot, or say why there is none
 * @recording: opened
 * @snapshot: result; nothing to be freed in it if there is none
 *
 * Return: EXIT_OK, EXIT_NO at the end, or another exit code.
 */
int recording_next(struct recording *recording, struct snapshot *snapshot)
{
	unsigned int major, minor;
	char line[80], end;
	int code, error;

	memset(snapshot, 0, sizeof(*snapshot));
	if (recording->plain)
		return EXIT_NO;
	if (!gzgets(recording->file, line, sizeof(line))) {
		gzerror(recording->file, &error);
		if (error != Z_OK && error != Z_STREAM_END)
			return cut_short(recording);
		return EXIT_NO;
	}
	if (recording->frames && half(recording, line))
		return cut_short(recording);
	if (strncmp(line, FRAME, strlen(FRAME)))
		return recording->frames ? broken(recording, "no frame") :
					   read_plain(recording, snapshot, line);
	if (sscanf(line + strlen(FRAME), "%3u.%3u%c", &major, &minor, &end) != 3 ||
	    end != '\n')
		return broken(recording, "a version that is none");
	if (major != MAJOR) {
		complain("%s: a recording of version %u.%u; this pgtag reads %u.x",
			 recording->name, major, minor, MAJOR);
		return EXIT_INPUT;
	}
	code = read_values(recording, snapshot);
	if (code)
		snapshot_free(snapshot);
	return code;
}

/**
 * recording_each - read a recording to its end, or say why not
 * @name: of the file, "-" for stdin
 * @take: what is done with each snapshot; returns an exit code, which ends it if it is
 *	not EXIT_OK. What it leaves in the snapshot is freed
 * @context: for @take
 *
 * Return: an exit code.
 */
int recording_each(const char *name, recording_take take, void *context)
{
	struct recording recording;
	struct snapshot snapshot;
	int code = recording_open(&recording, name);

	if (code)
		return code;
	while (!code) {
		code = recording_next(&recording, &snapshot);
		if (code)
			break;
		code = take(context, &snapshot, recording.name);
		snapshot_free(&snapshot);
	}
	recording_close(&recording);
	return code == EXIT_NO ? EXIT_OK : code;
}

/* --- writing --- */

static void put(gzFile to, const char *key, const char *value, size_t length)
{
	gzprintf(to, "%s %zu\n", key, length);
	gzwrite(to, value, length);
	gzputc(to, '\n');
}

static void put_text(gzFile to, const char *key, const char *value)
{
	put(to, key, value, strlen(value));
}

static void put_number(gzFile to, const char *key, unsigned long long value)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", value);
	put_text(to, key, text);
}

static void put_frame(gzFile to, const struct snapshot *snapshot)
{
	gzprintf(to, FRAME "%u.%u\n", MAJOR, MINOR);
	put_number(to, "time", snapshot->time);
	put_text(to, "release", snapshot->release);
	put_text(to, "boot", snapshot->boot);
	put_text(to, "build-id", snapshot->build_id);
	put_text(to, "modules", snapshot->modules);
	put_number(to, "waiting", snapshot->waiting);
	put_number(to, "drops", snapshot->drops);
	put_text(to, "meminfo", snapshot->meminfo);
	put_text(to, "status", snapshot->status);
	put(to, "allocinfo", snapshot->allocinfo, snapshot->length);
	gzputs(to, "end 0\n");
}

/**
 * recording_append - write a snapshot, or say why not
 * @fd: at its end, which it is again if this fails: no half frame is left
 * @name: of the file
 * @snapshot: all of it is there
 *
 * Return: an exit code.
 */
int recording_append(int fd, const char *name, const struct snapshot *snapshot)
{
	off_t whole = lseek(fd, 0, SEEK_END);
	int copy = dup(fd);
	gzFile to = copy < 0 ? NULL : gzdopen(copy, "wb");
	int error;

	if (!to) {
		complain("%s: %s", name, strerror(errno));
		return EXIT_OUTPUT;
	}
	put_frame(to, snapshot);
	errno = 0;
	error = gzclose(to);
	if (error == Z_OK && !fsync(fd))
		return EXIT_OK;
	complain("%s: %s", name, strerror(errno ? errno : EIO));
	if (whole >= 0 && ftruncate(fd, whole))
		complain("%s: a frame is cut short: %s", name, strerror(errno));
	return EXIT_OUTPUT;
}
