// SPDX-License-Identifier: GPL-2.0
/*
 * Where sites come from: a file, stdin, or this machine, which has the module's file,
 * the kernel's own, or neither.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "allocinfo.h"
#include "pgtag.h"
#include "snapshot.h"

#define CHUNK	(256UL << 10)
/* 190,000 sites of eight frames with long names do not come near this. */
#define MOST	(256UL << 20)

static char *read_all(int fd, size_t *length)
{
	size_t room = CHUNK, used = 0;
	char *text = xrealloc(NULL, room, 1);
	ssize_t got;

	/* One byte is left for a NUL. */
	while ((got = read(fd, text + used, room - 1 - used))) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			break;
		used += got;
		if (used > MOST) {
			errno = EFBIG;
			break;
		}
		if (room - used < CHUNK / 2) {
			room *= 2;
			text = xrealloc(text, room, 1);
		}
	}
	if (got) {
		free(text);
		return NULL;
	}
	text[used] = '\0';
	*length = used;
	return text;
}

/**
 * read_whole - read a file to its end
 * @from: its name, "-" for stdin
 * @length: result
 *
 * Return: what is in it, with a NUL after it, to be freed; NULL with errno set.
 */
char *read_whole(const char *from, size_t *length)
{
	int fd = strcmp(from, "-") ? open(from, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	char *text;
	int why;

	if (fd < 0)
		return NULL;
	text = read_all(fd, length);
	why = errno;
	if (fd != STDIN_FILENO)
		close(fd);
	errno = why;
	return text;
}

/* The module's is preferred: it has paths, which the kernel's own has not. */
static char *read_live(const char **from, size_t *length)
{
	char *text;

	*from = PGTAG_DIR "/allocinfo";
	text = read_whole(*from, length);
	if (text || errno == EACCES)
		return text;
	*from = PROC_ALLOCINFO;
	return read_whole(*from, length);
}

/* One of the module's files, or a copy, "-" for stdin; says so if that fails. */
static char *read_module_file(const char *name, const char *from)
{
	char path[sizeof(PGTAG_DIR) + 32];
	size_t length;
	char *text;

	snprintf(path, sizeof(path), PGTAG_DIR "/%s", name);
	text = read_whole(from ? from : path, &length);
	if (!text)
		complain("%s: %s%s", from ? from : path, strerror(errno),
			 from ? "" : " (pgtag status says what to do)");
	return text;
}

/**
 * run_on_module_file - a subcommand that tells of the module's file of its name
 * @command: the subcommand; its one option is -i FILE, a copy, "-" for stdin
 * @argc: as of main()
 * @argv: as of main()
 * @tell: prints what is to be said of the file, which it may change; returns an exit code
 *
 * Return: an exit code.
 */
int run_on_module_file(const struct command *command, int argc, char **argv,
		       int (*tell)(char *text))
{
	static const struct option options[] = {
		{ "input", required_argument, NULL, 'i' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	const char *from = NULL;
	char *text;
	int c, code;

	while ((c = getopt_long(argc, argv, "i:h", options, NULL)) != -1) {
		switch (c) {
		case 'i':
			from = optarg;
			break;
		case 'h':
			return usage_wanted(command);
		default:
			return usage_error(command);
		}
	}
	if (optind < argc)
		return usage_error(command);
	text = read_module_file(command->name, from);
	if (!text)
		return EXIT_NO_DATA;
	code = tell(text);
	free(text);
	return code;
}

/* What is off still counts what goes, so the figures are true but not all. Once. */
static void warn_if_off(void)
{
	static bool warned;
	size_t length;
	char *state = warned ? NULL : read_whole(PROC_SWITCH, &length);

	warned = true;
	if (state && state[0] == '0')
		complain("profiling is turned off: nothing allocated since then is counted (pgtag on)");
	free(state);
}

/**
 * allocinfo_read - read this machine's allocinfo, and say so if that fails
 * @text: result, to be freed
 * @length: of it
 *
 * Return: an exit code.
 */
int allocinfo_read(char **text, size_t *length)
{
	const char *from;

	*text = read_live(&from, length);
	if (!*text) {
		complain("%s: %s (pgtag status says what to do)", from,
			 strerror(errno));
		return EXIT_NO_DATA;
	}
	warn_if_off();
	return EXIT_OK;
}

/**
 * allocinfo_take - parse allocinfo, and say so if that fails
 * @info: result; nothing to be freed in it on error
 * @text: from allocinfo_read() or read_whole(), which becomes @info's
 * @length: of it
 * @name: where it came from
 *
 * Return: an exit code.
 */
int allocinfo_take(struct allocinfo *info, char *text, size_t length,
		   const char *name)
{
	struct parse_error error;

	if (allocinfo_parse(info, text, length, &error))
		return EXIT_OK;
	complain("%s:%zu: %s", name, error.line, error.what);
	return EXIT_INPUT;
}

/**
 * allocinfo_load - read sites, and say so if that fails
 * @info: result; nothing to be freed in it on error
 * @from: a file or a recording, of which its last sites are read; "-" for stdin, NULL
 *	for this machine
 *
 * Return: an exit code.
 */
int allocinfo_load(struct allocinfo *info, const char *from)
{
	struct snapshot snapshot;
	size_t length;
	char *text;
	int code;

	if (from) {
		code = snapshot_load(&snapshot, info, from);
		if (!code)
			snapshot_free(&snapshot);
		return code;
	}
	code = allocinfo_read(&text, &length);
	return code ? code : allocinfo_take(info, text, length, "allocinfo");
}
