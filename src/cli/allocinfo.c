// SPDX-License-Identifier: GPL-2.0
/*
 * The reader of allocinfo, of the module's and of the kernel's own, versions 1.0 and
 * 2.0, and of the module's nodes and totals. A line is
 *
 *	size calls [bytes of each node...] location [[module]] key:value...
 *
 * Of the keys func, path, kind and accurate are understood, others skipped. What a
 * kernel has compiled in many times over, in an inlined function, has as many lines:
 * those are added up.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "allocinfo.h"
#include "pgtag.h"

/* Who reads goes from word to word of a line, which gets its NULs as it goes. */
struct reader {
	struct allocinfo *info;
	struct parse_error *error;
	size_t room;		/* for sites */
	unsigned long long bytes, calls;	/* of all sites, whatever their signs */
	unsigned int columns;	/* of numbers between the calls and the location */
};

static bool refuse(struct reader *reader, const char *what)
{
	reader->error->what = what;
	return false;
}

/* The next word of a line, NULL at its end. Words are parted by blanks. */
static char *next_word(char **line)
{
	char *word = *line + strspn(*line, " ");
	size_t length = strcspn(word, " ");

	*line = word + length;
	if (!length)
		return NULL;
	if (**line)
		*(*line)++ = '\0';
	return word;
}

/* Bytes and calls; no machine has more, and sums are far from overflowing. */
#define MOST	(1LL << 60)

static bool signed_count(const char *word, long long *value)
{
	unsigned long long size;
	bool negative = *word == '-';

	if (!parse_count(word + negative, &size) || size > MOST)
		return false;
	*value = negative ? -(long long)size : (long long)size;
	return true;
}

/* "NAME - version: MAJOR.MINOR" */
static bool take_version(struct reader *reader, const char *line)
{
	static const char between[] = " - version: ";
	static const struct {
		const char *name;
		unsigned int least, most;
	} known[] = {
		{ "allocinfo", 1, 2 },
		{ "nodes", 1, 1 },
		{ "totals", 1, 1 },
	};
	const char *at = strstr(line, between);
	struct allocinfo *info = reader->info;
	char end;
	size_t i;

	if (!at || sscanf(at + strlen(between), "%3u.%3u%c", &info->major,
			  &info->minor, &end) != 2)
		return refuse(reader, "this is not allocinfo: no version");
	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (strlen(known[i].name) == (size_t)(at - line) &&
		    !strncmp(known[i].name, line, at - line)) {
			if (info->major < known[i].least ||
			    info->major > known[i].most)
				return refuse(reader, "this version is not known");
			return true;
		}
	}
	return refuse(reader, "this is not allocinfo");
}

/* "# <size> <calls> [<node>...] <tag info>" */
static bool take_header(struct reader *reader, char *line)
{
	static const char * const first[] = { "#", "<size>", "<calls>" };
	const char *word;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(first); i++) {
		word = next_word(&line);
		if (!word || strcmp(word, first[i]))
			return refuse(reader, "no header with size and calls");
	}
	while ((word = next_word(&line)) && strcmp(word, "<tag"))
		reader->columns++;
	word = word ? next_word(&line) : NULL;
	if (!word || strcmp(word, "info>"))
		return refuse(reader, "no header with tag info");
	return true;
}

/* Modules are in a path, too: "a+0x1 [m];b+0x2", so it is several words. */
static void take_path(char **line)
{
	while ((*line)[0] == '[') {
		/* Put back the blank that ended the word. */
		(*line)[-1] = ' ';
		next_word(line);
	}
}

static bool take_text(struct reader *reader, const char **to, const char *value)
{
	if (**to)
		return refuse(reader, "the same key twice");
	if (!*value)
		return refuse(reader, "a key without a value");
	*to = value;
	return true;
}

static bool take_key(struct reader *reader, struct site *site, char *word, char **line)
{
	const struct {
		const char *key;
		const char **to;
	} texts[] = {
		{ "func", &site->function },
		{ "path", &site->path },
		{ "kind", &site->kind },
	};
	char *value = strchr(word, ':');
	size_t i;

	if (!value)
		return refuse(reader, "a word that is no key:value");
	*value++ = '\0';
	if (!strcmp(word, "path"))
		take_path(line);
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		if (!strcmp(word, texts[i].key))
			return take_text(reader, texts[i].to, value);
	}
	site->inaccurate |= !strcmp(word, "accurate") && !strcmp(value, "no");
	return true;
}

static bool take_module(struct reader *reader, struct site *site, char *word)
{
	size_t length = strlen(word);

	if (length < 3 || word[length - 1] != ']')
		return refuse(reader, "a module without a name");
	word[length - 1] = '\0';
	site->module = word + 1;
	return true;
}

static bool take_numbers(struct reader *reader, struct site *site, char **line)
{
	unsigned long long ignored;
	const char *word;
	unsigned int i;

	word = next_word(line);
	if (!word || !signed_count(word, &site->bytes))
		return refuse(reader, "no size");
	word = next_word(line);
	if (!word || !parse_count(word, &site->calls))
		return refuse(reader, "no number of calls");
	/* The kernel's own are below 0 for a moment, and printed as if they could not. */
	if (site->calls > ULLONG_MAX - MOST)
		site->calls = 0;
	for (i = 0; i < reader->columns; i++) {
		word = next_word(line);
		if (!word || !parse_count(word, &ignored))
			return refuse(reader, "fewer columns than the header has");
	}
	return true;
}

/* Then nobody who adds or subtracts some of them has to look out. */
static bool add_to_total(struct reader *reader, const struct site *site)
{
	if (site->calls > MOST)
		return refuse(reader, "more calls than can be");
	reader->bytes += llabs(site->bytes);
	reader->calls += site->calls;
	if (reader->bytes > MOST || reader->calls > MOST)
		return refuse(reader, "up to here, more than can be");
	return true;
}

/*
 * What sites are sorted by, once for all comparisons: the number at the end of
 * "function+0xoffset" or "file:line", and how long names are. Without what the compiler
 * adds, for that is another in the next kernel.
 */
static void measure(struct site *site)
{
	const char *at = strstr(site->location, "+0x");
	int base = at ? 16 : 10;

	if (!at)
		at = strrchr(site->location, ':');
	site->at = at ? strtoul(at + 1, NULL, base) : 0;
	site->name_length = at ? (size_t)(at - site->location) :
				 strlen(site->location);
	site->function_length = strcspn(site->function, ".");
}

static bool take_site(struct reader *reader, char *line)
{
	struct site site = { .module = "", .function = "", .path = "", .kind = "" };
	struct allocinfo *info = reader->info;
	char *word;

	if (!take_numbers(reader, &site, &line))
		return false;
	site.location = next_word(&line);
	if (!site.location)
		return refuse(reader, "no location");
	line += strspn(line, " ");
	if (*line == '[' && !take_module(reader, &site, next_word(&line)))
		return false;
	while ((word = next_word(&line))) {
		if (!take_key(reader, &site, word, &line))
			return false;
	}
	if (!*site.function)
		return refuse(reader, "no func:");
	if (!add_to_total(reader, &site))
		return false;
	measure(&site);
	if (info->nr == reader->room) {
		reader->room = reader->room * 2 + 256;
		info->sites = xrealloc(info->sites, reader->room, sizeof(site));
	}
	info->sites[info->nr++] = site;
	return true;
}

/* Names in a kernel are of ASCII. */
static bool printable(const char *line, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++) {
		if (!is_printable(line[i]))
			return false;
	}
	return true;
}

static bool take_line(struct reader *reader, char *line, size_t length)
{
	if (!printable(line, length))
		return refuse(reader, "a character that is no text");
	switch (reader->error->line) {
	case 1:
		return take_version(reader, line);
	case 2:
		return take_header(reader, line);
	default:
		return take_site(reader, line);
	}
}

static bool take_lines(struct reader *reader, char *text, size_t length)
{
	char *end, *limit = text + length;

	for (; text < limit; text = end + 1) {
		reader->error->line++;
		end = memchr(text, '\n', limit - text);
		if (!end)
			return refuse(reader, "the line has no end: cut short?");
		*end = '\0';
		if (!take_line(reader, text, end - text))
			return false;
	}
	if (reader->error->line < 2) {
		reader->error->line++;
		return refuse(reader, "cut short, or profiling was never on");
	}
	return true;
}

/* --- order --- */

static int compare_bytes(const char *a, size_t a_length, const char *b,
			 size_t b_length)
{
	int order = memcmp(a, b, a_length < b_length ? a_length : b_length);

	return order ? order : (a_length > b_length) - (a_length < b_length);
}

/* The callers' functions alone: frame by frame up to the offset. */
static int compare_callers(const char *a, const char *b)
{
	int order = 0;

	while (!order && *a && *b) {
		order = compare_bytes(a, strcspn(a, ".+;"), b, strcspn(b, ".+;"));
		a += strcspn(a, ";");
		b += strcspn(b, ";");
		a += *a == ';';
		b += *b == ';';
	}
	return order ? order : !!*a - !!*b;
}

/* Sites of one group differ in their place alone. */
static int compare_groups(const struct site *a, const struct site *b)
{
	int order = strcmp(a->module, b->module);

	if (!order)
		order = compare_bytes(a->function, a->function_length,
				      b->function, b->function_length);
	if (!order)
		order = strcmp(a->kind, b->kind);
	if (!order)
		order = compare_callers(a->path, b->path);
	return order;
}

static int compare_places(const struct site *a, const struct site *b)
{
	int order = compare_bytes(a->location, a->name_length,
				  b->location, b->name_length);

	if (!order)
		order = (a->at > b->at) - (a->at < b->at);
	/* strtoul() sees no difference between 1 and 01. */
	if (!order)
		order = strcmp(a->location, b->location);
	if (!order)
		order = strcmp(a->function, b->function);
	return order ? order : strcmp(a->path, b->path);
}

static int compare_sites(const void *a, const void *b)
{
	int order = compare_groups(a, b);

	return order ? order : compare_places(a, b);
}

/* Lines of the same site become one. */
static void add_up(struct reader *reader)
{
	struct allocinfo *info = reader->info;
	struct site *site, *last = NULL;
	size_t i, nr = 0;

	for (i = 0; i < info->nr; i++) {
		site = &info->sites[i];
		if (last && !compare_sites(last, site)) {
			last->inaccurate |= site->inaccurate;
			last->bytes += site->bytes;
			last->calls += site->calls;
			continue;
		}
		info->sites[nr] = *site;
		if (last && !compare_groups(last, site))
			info->sites[nr].ordinal = last->ordinal + 1;
		last = &info->sites[nr++];
	}
	info->nr = nr;
}

/**
 * allocinfo_parse - read allocinfo
 * @info: result; nothing to be freed in it on error
 * @text: what to read, from malloc(), which becomes @info's or is freed; there must be
 *	room for a NUL at its end
 * @length: of it
 * @error: on error, where and why
 *
 * Return: whether it is well-formed.
 */
bool allocinfo_parse(struct allocinfo *info, char *text, size_t length,
		     struct parse_error *error)
{
	struct reader reader = { .info = info, .error = error };

	memset(info, 0, sizeof(*info));
	memset(error, 0, sizeof(*error));
	info->text = text;
	info->sites = xrealloc(NULL, 0, sizeof(*info->sites));
	if (!take_lines(&reader, text, length)) {
		allocinfo_free(info);
		return false;
	}
	qsort(info->sites, info->nr, sizeof(*info->sites), compare_sites);
	add_up(&reader);
	return true;
}

/**
 * allocinfo_free - forget what was read
 * @info: from allocinfo_parse()
 */
void allocinfo_free(struct allocinfo *info)
{
	free(info->sites);
	free(info->text);
	memset(info, 0, sizeof(*info));
}

/**
 * site_has_objects - does a site own objects, which lie in pages of others?
 * @site: the site
 *
 * The module says so. The kernel's own profiling counts the pages of slabs and what
 * lies in them with nothing to tell them apart but that objects are no pages. Objects
 * of just a page or two pass for pages: see memory_account().
 */
bool site_has_objects(const struct site *site)
{
	return *site->kind || site->bytes % PAGE ||
	       (site->bytes > 0 &&
		(unsigned long long)site->bytes / PAGE < site->calls);
}

/**
 * allocinfo_bytes - what all sites own together, objects apart
 * @info: the sites
 *
 * Objects lie in pages that are another site's.
 */
long long allocinfo_bytes(const struct allocinfo *info)
{
	long long total = 0;
	size_t i;

	for (i = 0; i < info->nr; i++)
		total += site_has_objects(&info->sites[i]) ? 0 : info->sites[i].bytes;
	return total;
}

/* --- two times --- */

/* Where the group that begins at @from ends. */
static size_t group_end(const struct allocinfo *info, size_t from)
{
	size_t end = from;

	while (end < info->nr &&
	       !compare_groups(&info->sites[from], &info->sites[end]))
		end++;
	return end;
}

struct range {
	const struct site *at;
	const struct site *end;
};

/* How many places are in both. */
static size_t common(struct range a, struct range b)
{
	size_t nr = 0;
	int order;

	while (a.at < a.end && b.at < b.end) {
		order = compare_places(a.at, b.at);
		nr += !order;
		a.at += order <= 0;
		b.at += order >= 0;
	}
	return nr;
}

/*
 * Pair the sites of one group. The code is the same if one has all places of the other,
 * for a site is seen when it is first used: then a place is what they are joined by,
 * else their order is.
 */
static size_t join_group(struct range a, struct range b, struct pair *pairs)
{
	size_t least = a.end - a.at < b.end - b.at ? a.end - a.at : b.end - b.at;
	bool same = common(a, b) == least;
	size_t nr = 0;
	int order;

	while (a.at < a.end || b.at < b.end) {
		if (a.at == a.end)
			order = 1;
		else if (b.at == b.end)
			order = -1;
		else
			order = same ? compare_places(a.at, b.at) : 0;
		pairs[nr].before = order <= 0 ? a.at++ : NULL;
		pairs[nr].after = order >= 0 ? b.at++ : NULL;
		nr++;
	}
	return nr;
}

/**
 * allocinfo_join - find what sites of one time are at another
 * @before: sites at a time
 * @after: at another, perhaps of another boot or kernel
 * @pairs: result, an array to be freed; points into both
 *
 * By module, function and callers, and among those by place where the code is the same
 * and by order where it is not.
 *
 * Return: how many pairs, each site in one of them.
 */
size_t allocinfo_join(const struct allocinfo *before,
		      const struct allocinfo *after, struct pair **pairs)
{
	size_t a = 0, b = 0, a_end, b_end, nr = 0;
	int order;

	*pairs = xrealloc(NULL, before->nr + after->nr, sizeof(**pairs));
	while (a < before->nr || b < after->nr) {
		if (a == before->nr)
			order = 1;
		else if (b == after->nr)
			order = -1;
		else
			order = compare_groups(&before->sites[a], &after->sites[b]);
		a_end = order <= 0 ? group_end(before, a) : a;
		b_end = order >= 0 ? group_end(after, b) : b;
		nr += join_group((struct range){ before->sites + a,
						 before->sites + a_end },
				 (struct range){ after->sites + b,
						 after->sites + b_end },
				 *pairs + nr);
		a = a_end;
		b = b_end;
	}
	return nr;
}
