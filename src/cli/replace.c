// SPDX-License-Identifier: GPL-2.0
/*
 * Files that others read at any time: written under another name in the same directory,
 * and renamed once all is there.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pgtag.h"
#include "replace.h"

/**
 * replace_begin - begin to write a file
 * @replace: to be handed to replace_end()
 * @name: of the file; stays the caller's
 *
 * Return: whether that can be, else errno says why not.
 */
bool replace_begin(struct replace *replace, const char *name)
{
	struct stat status;
	int fd;

	/* Root would put a file in place of /dev/null. */
	if (!stat(name, &status) && !S_ISREG(status.st_mode)) {
		errno = S_ISDIR(status.st_mode) ? EISDIR : EEXIST;
		return false;
	}
	replace->name = name;
	/* Not the end that a collector of files looks for, and nobody else's. */
	if (asprintf(&replace->temporary, "%s.%ld", name, (long)getpid()) < 0)
		replace->temporary = xstrdup("");
	/* What is left of one that was killed, or laid there for us to write to. */
	unlink(replace->temporary);
	fd = open(replace->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	replace->file = fd < 0 ? NULL : fdopen(fd, "w");
	if (replace->file)
		return true;
	free(replace->temporary);
	return false;
}

/**
 * replace_end - put a file in place of what was there
 * @replace: from replace_begin()
 * @code: the exit code so far; if it is not EXIT_OK, what was there stays
 *
 * Return: the exit code.
 */
int replace_end(struct replace *replace, int code)
{
	code = finish_output(replace->file, replace->temporary, code);
	if (fclose(replace->file) && code == EXIT_OK) {
		complain("%s: %s", replace->temporary, strerror(errno));
		code = EXIT_OUTPUT;
	}
	if (code == EXIT_OK && rename(replace->temporary, replace->name)) {
		complain("%s: %s", replace->name, strerror(errno));
		code = EXIT_OUTPUT;
	}
	if (code != EXIT_OK)
		unlink(replace->temporary);
	free(replace->temporary);
	return code;
}
