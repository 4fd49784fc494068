// SPDX-License-Identifier: GPL-2.0
/*
 * What this machine runs: its kernel, which build that is, and where its distribution
 * has the symbols of it.
 */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "allocinfo.h"
#include "pgtag.h"
#include "running.h"
#include "symbols.h"

/**
 * running_release - the release of the kernel that runs
 *
 * Return: it, to be freed.
 */
char *running_release(void)
{
	struct utsname name;

	return xstrdup(uname(&name) ? "" : name.release);
}

static size_t padded(size_t size)
{
	return (size + 3) & ~(size_t)3;
}

/* Of several notes one after the other, find the build-id. */
static bool find_note(const char *text, size_t length, char *id)
{
	Elf64_Nhdr note;
	size_t size, i;

	for (; length >= sizeof(note); text += size, length -= size) {
		const char *owner = text + sizeof(note);

		memcpy(&note, text, sizeof(note));
		size = sizeof(note) + padded(note.n_namesz) + padded(note.n_descsz);
		if (size > length)
			return false;
		if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != sizeof("GNU") ||
		    memcmp(owner, "GNU", sizeof("GNU")) ||
		    note.n_descsz > BUILD_ID_MOST)
			continue;
		for (i = 0; i < note.n_descsz; i++)
			sprintf(id + 2 * i, "%02x",
				(unsigned char)owner[padded(note.n_namesz) + i]);
		return true;
	}
	return false;
}

/**
 * running_build_id - which build of a module runs here?
 * @module: its name, "" for the kernel itself
 * @id: result in hex, of BUILD_ID_TEXT bytes
 *
 * Return: false if it does not run, or has no build-id.
 */
bool running_build_id(const char *module, char *id)
{
	char path[256];
	char *text;
	size_t length;
	bool found;

	if (*module)
		snprintf(path, sizeof(path), "/sys/module/%s/notes/.note.gnu.build-id",
			 module);
	else
		snprintf(path, sizeof(path), "/sys/kernel/notes");
	text = read_whole(path, &length);
	found = text && find_note(text, length, id);
	free(text);
	return found;
}

/* --- where symbols come from --- */

/* A value of os-release, "" if it has none. */
static void os_release(const char *key, char *value, size_t size)
{
	size_t length, room = strlen(key);
	char *text = read_whole("/etc/os-release", &length);
	const char *at = text ? strstr(text, key) : NULL;

	while (at && at > text && at[-1] != '\n')
		at = strstr(at + 1, key);
	*value = '\0';
	if (at) {
		at += room + (at[room] == '"');
		snprintf(value, size, "%.*s", (int)strcspn(at, "\"\n"), at);
	}
	free(text);
}

/* One of the words of a list? */
static bool has_word(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (; *list; list += strspn(list, " ")) {
		size_t next = strcspn(list, " ");

		if (next == length && !strncmp(list, word, length))
			return true;
		list += next;
	}
	return false;
}

/* What installs the symbols of a release, which is put in place of %s. */
static const struct {
	const char *like;
	const char *command;
} ways[] = {
	{ "ubuntu", "apt install linux-image-unsigned-%s-dbgsym" },
	{ "debian", "apt install linux-image-%s-dbg" },
	{ "fedora", "dnf --enablerepo='*debuginfo*' install kernel-debuginfo-%s" },
	{ "rhel", "dnf --enablerepo='*debuginfo*' install kernel-debuginfo-%s" },
	{ "suse", "zypper install --plus-content debug kernel-default-debuginfo" },
	{ "arch", "pgtag lines --debuginfod" },
};

/**
 * say_how_to_get_symbols - the command that gets the symbols of a kernel
 * @release: of it
 */
void say_how_to_get_symbols(const char *release)
{
	char id[64], like[128], all[sizeof(id) + sizeof(like)];
	size_t i;

	os_release("ID=", id, sizeof(id));
	os_release("ID_LIKE=", like, sizeof(like));
	snprintf(all, sizeof(all), "%s %s", id, like);
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		if (has_word(all, ways[i].like)) {
			char *command;

			if (asprintf(&command, ways[i].command, release) < 0)
				return;
			complain("no symbols of %s; get them by: %s", release, command);
			free(command);
			return;
		}
	}
	complain("no symbols of %s: no /usr/lib/debug/lib/modules/%s/vmlinux",
		 release, release);
}
