/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Source lines of call sites.
 */
#ifndef PGTAG_LINES_H
#define PGTAG_LINES_H

#include <pgtag/pure.h>

#define PGTAG_LINES_GRAMMAR \
	"{vmlinux|module} symbol offset file line function, with one blank or tab between two of them"

/* The longest record, without what ends its line. */
#define PGTAG_LINE_LENGTH	1024U
/* Records that may be kept: no kernel shows more sites, see PGTAG_MAX_TAGS. */
#define PGTAG_LINES_MOST	16384

/* Half of the slots stay empty, so that what is not there is soon not found. */
#define PGTAG_LINES_SLOTS	(2 * PGTAG_LINES_MOST)

/* A part of a text, which need not end where it does. */
struct pgtag_word {
	const char *text;
	size_t length;
};

/**
 * struct pgtag_site - a call site as allocinfo has it
 * @symbol: as kallsyms has it
 * @module: empty for the kernel itself
 * @offset: what is after the + of symbol+0x<offset>
 */
struct pgtag_site {
	struct pgtag_word symbol;
	struct pgtag_word module;
	u32 offset;
};

/**
 * struct pgtag_line - a call site's source line
 * @site: the call site
 * @file: file
 * @line: line, in decimal
 * @function: function; not that of the symbol where a compiler has inlined it
 */
struct pgtag_line {
	struct pgtag_site site;
	struct pgtag_word file;
	struct pgtag_word line;
	struct pgtag_word function;
};

/**
 * struct pgtag_lines - source lines, by call site
 * @nr: how many
 * @used: characters of @text in use; the first one is not
 * @room: characters of @text
 * @text: of each record the symbol, the module, file:line and the function, with a
 *	NUL after each of them
 * @slot: a hash table, closed: what is not where its hash says is further on
 */
struct pgtag_lines {
	u32 nr;
	u32 used;
	u32 room;
	char *text;
	struct pgtag_line_slot {
		u32 offset;	/* of the site */
		u32 text;	/* where its words begin, 0 in an empty slot */
	} slot[PGTAG_LINES_SLOTS];
};

int pgtag_line_parse(struct pgtag_line *line, const char *text, size_t length);
bool pgtag_lines_fit(const struct pgtag_lines *lines);
int pgtag_lines_add(struct pgtag_lines *lines, const struct pgtag_line *line);
size_t pgtag_lines_apply(const struct pgtag_lines *lines, char *text,
			 size_t length, size_t size);

#endif
