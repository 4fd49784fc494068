// SPDX-License-Identifier: GPL-2.0
/*
 * What a tag stands for, in words: looked up when somebody wants to read it,
 * kept as text when its code goes.
 */
#include <linux/kallsyms.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <pgtag/lines.h>
#include <pgtag/lines_file.h>
#include <pgtag/names.h>
#include <pgtag/tags.h>

/* A kept name is as long as it takes, but no longer than this. */
#define NAME_MAX_LENGTH	(PGTAG_MAX_DEPTH * KSYM_SYMBOL_LEN)

/* Where there is no name, for code goes before its tag does. Never an address. */
#define NAMELESS	"<unknown>"

/* Each site may have its source line. */
static_assert(PGTAG_LINES_MOST >= PGTAG_MAX_TAGS);

/*
 * "<function>+0x<offset>[ [module]]". %pB looks up the call, not the address
 * it returns to; the size of the function says nothing about the site.
 */
static size_t print_ip(unsigned long ip, char *buffer, size_t size)
{
	char *at;

	scnprintf(buffer, size, "%pB", (void *)ip);
	if (pgtag_symbol_raw(buffer))
		return scnprintf(buffer, size, NAMELESS);
	at = strchr(buffer, '/');
	if (at)
		memmove(at, at + strcspn(at, " "),
			strlen(at + strcspn(at, " ")) + 1);
	return strlen(buffer);
}

/* The frames of a path, its site first. Returns how many. */
static unsigned int frames_of(u32 index, unsigned long *ips)
{
	unsigned int depth = pgtag_tag_depth(index);
	unsigned int i;

	for (i = depth; i--; index = pgtag_tag_at(index)->parent)
		ips[i] = READ_ONCE(pgtag_tag_at(index)->ip);
	return depth;
}

static size_t print_path(u32 index, char *buffer, size_t size)
{
	unsigned long ips[PGTAG_MAX_DEPTH];
	unsigned int depth = frames_of(index, ips);
	size_t length = print_ip(ips[0], buffer, size);
	unsigned int i;

	length += scnprintf(buffer + length, size - length, " func:%.*s",
			    (int)pgtag_name_length(buffer), buffer);
	for (i = 1; i < depth; i++) {
		length += scnprintf(buffer + length, size - length, "%s",
				    i == 1 ? " path:" : ";");
		length += print_ip(ips[i], buffer + length, size - length);
	}
	return length;
}

/**
 * pgtag_tag_describe - print what a tag stands for
 * @index: below pgtag_tags_end()
 * @buffer: for "<function>+0x<offset>[ [<module>]] func:<function>" and, for a
 *	path, " path:<caller>+0x<offset>;..."; "<file>:<line>" comes first where that
 *	is known (lines_file.c) and fits
 * @size: its size; KSYM_SYMBOL_LEN for each frame is always enough
 *
 * Context: any, in an RCU read-side section.
 * Return: length of the text, 0 if the index is not in use.
 */
size_t pgtag_tag_describe(u32 index, char *buffer, size_t size)
{
	const char *name = READ_ONCE(pgtag_tag_at(index)->name);
	size_t length;

	if (!pgtag_tag_listed(index))
		return 0;
	if (!pgtag_tag_accurate(index))
		name = "<overflow> func:<overflow>";
	if (!name) {
		length = print_path(index, buffer, size);
		/* Its code may have gone meanwhile; then its name was kept. */
		name = READ_ONCE(pgtag_tag_at(index)->name);
	}
	if (name)
		length = scnprintf(buffer, size, "%s", name);
	return pgtag_lines_name(buffer, length, size);
}

static bool path_touches(u32 index, unsigned long start, unsigned long end_ip)
{
	unsigned int depth = pgtag_tag_depth(index);

	for (; depth--; index = pgtag_tag_at(index)->parent) {
		if (pgtag_tag_at(index)->ip >= start && pgtag_tag_at(index)->ip < end_ip)
			return true;
	}
	return false;
}

static const char *kept_name(u32 index, bool there)
{
	char *buffer = kvmalloc(NAME_MAX_LENGTH, GFP_KERNEL | __GFP_NOFAIL);
	const char *name;

	rcu_read_lock();
	if (there)
		print_path(index, buffer, NAME_MAX_LENGTH);
	else
		strscpy(buffer, NAMELESS " func:" NAMELESS, NAME_MAX_LENGTH);
	rcu_read_unlock();
	name = kstrdup(buffer, GFP_KERNEL | __GFP_NOFAIL);
	kvfree(buffer);
	return name;
}

static bool must_forget(u32 index, unsigned long start, unsigned long end_ip)
{
	return !pgtag_tag_gone(index) && path_touches(index, start, end_ip);
}

/**
 * pgtag_tags_forget - code is about to go, keep only the names of its paths
 * @start: first address
 * @end_ip: one past the last
 * @there: the code still is; if not, its names are not to be had
 *
 * Modules may go at the same time whose code is in the same path: the first name
 * that was printed stays, for then both were there.
 *
 * Context: process context, may sleep; nothing runs in the code any more.
 */
void pgtag_tags_forget(unsigned long start, unsigned long end_ip, bool there)
{
	u32 limit = pgtag_tags_end();
	const char *name;
	u32 i;

	for (i = CODETAG_ID_FIRST; i < limit; i++) {
		cond_resched();
		if (!must_forget(i, start, end_ip))
			continue;
		name = kept_name(i, there);
		/* It may have been forgotten by another, and be another's by now. */
		mutex_lock(&pgtag_reclaimers);
		if (must_forget(i, start, end_ip))
			WRITE_ONCE(pgtag_tag_at(i)->name, name);
		else
			kfree(name);
		mutex_unlock(&pgtag_reclaimers);
		pgtag_tags_changed();
	}
}
