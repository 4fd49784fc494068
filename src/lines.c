// SPDX-License-Identifier: GPL-2.0
/*
 * Source lines of call sites, which a user has found out: the grammar of a record, a
 * table of them, and what becomes of the name of a tag whose line is known. Plain C,
 * unit tested.
 */
#include <pgtag/lines.h>

/* What the kernel itself is called where a module's name is expected. */
#define KERNEL	"vmlinux"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* No blanks, and nothing that is not printed as itself. */
static size_t word_length(const char *text, const char *end)
{
	const char *at = text;

	while (at < end && (unsigned char)*at > ' ' && *at != '\177')
		at++;
	return at - text;
}

static bool word_is(const struct pgtag_word *word, const char *text)
{
	return strlen(text) == word->length &&
	       !memcmp(text, word->text, word->length);
}

static int digit(char c, unsigned int base)
{
	int value = -1;

	if (c >= '0' && c <= '9')
		value = c - '0';
	else if (c >= 'a' && c <= 'f')
		value = c - 'a' + 10;
	else if (c >= 'A' && c <= 'F')
		value = c - 'A' + 10;
	return value < (int)base ? value : -1;
}

/* Eight digits, for more might not fit. */
static bool number(const struct pgtag_word *word, bool hex_too, u32 *value)
{
	const char *at = word->text;
	const char *end = at + word->length;
	unsigned int base = 10;

	if (hex_too && word->length > 2 && at[0] == '0' && at[1] == 'x') {
		base = 16;
		at += 2;
	}
	if (at == end || end - at > 8)
		return false;
	for (*value = 0; at < end; at++) {
		int next = digit(*at, base);

		if (next < 0)
			return false;
		*value = *value * base + next;
	}
	return true;
}

static bool split(struct pgtag_word *const *field, size_t nr,
		  const char *text, size_t length)
{
	const char *end = text + length;
	size_t i;

	for (i = 0; i < nr; i++) {
		if (i && (text == end || !is_blank(*text++)))
			return false;
		field[i]->text = text;
		field[i]->length = word_length(text, end);
		if (!field[i]->length)
			return false;
		text += field[i]->length;
	}
	return text == end;
}

/**
 * pgtag_line_parse - read a record
 * @line: what it says; points into @text
 * @text: the record
 * @length: of it, without what ends its line
 *
 * Return: 0, or -EINVAL if it is not in the grammar %PGTAG_LINES_GRAMMAR or longer
 * than %PGTAG_LINE_LENGTH.
 */
int pgtag_line_parse(struct pgtag_line *line, const char *text, size_t length)
{
	struct pgtag_word offset;
	struct pgtag_word *const field[] = {
		&line->site.module, &line->site.symbol, &offset,
		&line->file, &line->line, &line->function,
	};
	u32 unused;

	if (length > PGTAG_LINE_LENGTH ||
	    !split(field, ARRAY_SIZE(field), text, length) ||
	    !number(&offset, true, &line->site.offset) ||
	    !number(&line->line, false, &unused))
		return -EINVAL;
	if (word_is(&line->site.module, KERNEL))
		line->site.module.length = 0;
	return 0;
}

/* FNV-1a */
static u32 hash(const struct pgtag_site *site)
{
	u32 value = 2166136261U ^ site->offset;
	size_t i;

	value *= 16777619U;
	for (i = 0; i < site->symbol.length; i++) {
		value ^= (unsigned char)site->symbol.text[i];
		value *= 16777619U;
	}
	return value ^ value >> 16;
}

static const char *next_word(const char *word)
{
	return word + strlen(word) + 1;
}

static bool slot_is(const struct pgtag_lines *lines, u32 i,
		    const struct pgtag_site *site)
{
	const char *symbol = lines->text + lines->slot[i].text;

	return lines->slot[i].offset == site->offset &&
	       word_is(&site->symbol, symbol) &&
	       word_is(&site->module, next_word(symbol));
}

/* The slot that a site has, or the empty one that it would get: half of them are. */
static u32 find(const struct pgtag_lines *lines, const struct pgtag_site *site)
{
	u32 i = hash(site) % PGTAG_LINES_SLOTS;

	while (lines->slot[i].text && !slot_is(lines, i, site))
		i = (i + 1) % PGTAG_LINES_SLOTS;
	return i;
}

static void append(struct pgtag_lines *lines, const struct pgtag_word *word,
		   char last)
{
	memcpy(lines->text + lines->used, word->text, word->length);
	lines->used += word->length;
	lines->text[lines->used++] = last;
}

/**
 * pgtag_lines_fit - is there room for the text of any record?
 * @lines: where
 */
bool pgtag_lines_fit(const struct pgtag_lines *lines)
{
	return lines->room - lines->used >= PGTAG_LINE_LENGTH;
}

/**
 * pgtag_lines_add - keep a record
 * @lines: where to; pgtag_lines_fit()
 * @line: the record, which was parsed. Of two of the same site the later one counts.
 *
 * Return: 0, or -ENOSPC if there are %PGTAG_LINES_MOST others.
 */
int pgtag_lines_add(struct pgtag_lines *lines, const struct pgtag_line *line)
{
	u32 i = find(lines, &line->site);

	if (!lines->slot[i].text && lines->nr == PGTAG_LINES_MOST)
		return -ENOSPC;
	lines->nr += !lines->slot[i].text;
	/* What begins at 0 is no text. */
	if (!lines->used)
		lines->used = 1;
	lines->slot[i].offset = line->site.offset;
	lines->slot[i].text = lines->used;
	append(lines, &line->site.symbol, '\0');
	append(lines, &line->site.module, '\0');
	append(lines, &line->file, ':');
	append(lines, &line->line, '\0');
	append(lines, &line->function, '\0');
	return 0;
}

/*
 * "<symbol>+0x<offset>[ [<module>]] func:<function>...". Returns where the function
 * begins, or 0 if this is not how it reads.
 */
static size_t read_site(struct pgtag_site *site, const char *text)
{
	static const char func[] = " func:";
	struct pgtag_word offset;
	const char *at = text;

	site->symbol.text = at;
	site->symbol.length = strcspn(at, "+ ");
	at += site->symbol.length;
	if (*at++ != '+')
		return 0;
	offset.text = at;
	offset.length = strcspn(at, " ");
	at += offset.length;
	if (!number(&offset, true, &site->offset))
		return 0;
	site->module.text = at;
	site->module.length = 0;
	if (!strncmp(at, " [", 2)) {
		site->module.text = at + 2;
		site->module.length = strcspn(at + 2, "]");
		at += 2 + site->module.length;
		at += *at == ']';
	}
	return strncmp(at, func, strlen(func)) ? 0 : at + strlen(func) - text;
}

/* Put @with where @old characters are. There is room. */
static size_t replace(char *text, size_t length, size_t at, size_t old,
		      const char *with)
{
	size_t new = strlen(with);

	memmove(text + at + new, text + at + old, length + 1 - at - old);
	memcpy(text + at, with, new);
	return length - old + new;
}

/**
 * pgtag_lines_apply - say a tag's line, if it is known
 * @lines: the lines that are known
 * @text: "<symbol>+0x<offset>[ [<module>]] func:<function>...", which becomes
 *	"<file>:<line>[ [<module>]] func:<function>...". Anything else, and what would
 *	not fit, is left alone.
 * @length: its length
 * @size: room for it
 *
 * Return: its length now.
 */
size_t pgtag_lines_apply(const struct pgtag_lines *lines, char *text,
			 size_t length, size_t size)
{
	const char *location, *function;
	struct pgtag_site site;
	size_t func = read_site(&site, text);
	size_t at, symbol;
	u32 slot;

	if (!func)
		return length;
	slot = lines->slot[find(lines, &site)].text;
	if (!slot)
		return length;
	location = next_word(next_word(lines->text + slot));
	function = next_word(location);
	symbol = strcspn(text, " ");
	at = strcspn(text + func, " ");
	if (length + strlen(location) + strlen(function) >= size + symbol + at)
		return length;
	length = replace(text, length, func, at, function);
	return replace(text, length, 0, symbol, location);
}
