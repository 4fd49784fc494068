// SPDX-License-Identifier: GPL-2.0
/*
 * The grammar of the parameters. That of mem_profiling is the grammar of the
 * kernel's own boot parameter sysctl.vm.mem_profiling. Plain C, unit tested.
 */
#include <pgtag/mode.h>

static const struct {
	const char *text;
	enum pgtag_state state;
	bool compressed;
} modes[] = {
	{ "0",			PGTAG_OFF,	false },
	{ "1",			PGTAG_ON,	false },
	{ "never",		PGTAG_NEVER,	false },
	{ "0,compressed",	PGTAG_OFF,	true },
	{ "1,compressed",	PGTAG_ON,	true },
	{ "never,compressed",	PGTAG_NEVER,	true },
};

static const char * const stores[] = {
	[PGTAG_AUTO]	= "auto",
	[PGTAG_FLAGS]	= "flags",
	[PGTAG_TABLE]	= "table",
};

static const char * const overflows[] = {
	[PGTAG_DISABLE]	= "disable",
	[PGTAG_SHARE]	= "share",
};

static const char * const attachments[] = {
	[PGTAG_ATTACH_EVENTS]	 = "events",
	[PGTAG_ATTACH_FUNCTIONS] = "functions",
};

static const char * const fields[] = {
	[PGTAG_BITS_OF_ANY]	= "auto",
	[PGTAG_BITS_OF_UNUSED]	= "unused",
	[PGTAG_BITS_OF_CPUPID]	= "cpupid",
};

static const char * const slabs[] = {
	[PGTAG_SLAB_PAGES]	= "pages",
	[PGTAG_SLAB_CALLERS]	= "callers",
	[PGTAG_SLAB_OBJECTS]	= "objects",
};

static const char * const switches[] = { "off", "on" };

static int find(const char * const *texts, int nr, const char *text)
{
	int i;

	for (i = 0; i < nr; i++) {
		if (!strcmp(texts[i], text))
			return i;
	}
	return -EINVAL;
}

/**
 * pgtag_mode_parse - read the mem_profiling parameter
 * @mode: its state is set, and its store if the text insists on compression;
 *	untouched on error
 * @profiling: the parameter's text
 *
 * Return: 0, or -EINVAL if it is not in the grammar %PGTAG_MODE_GRAMMAR.
 */
int pgtag_mode_parse(struct pgtag_mode *mode, const char *profiling)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		if (strcmp(modes[i].text, profiling))
			continue;
		mode->state = modes[i].state;
		if (modes[i].compressed)
			mode->store = PGTAG_FLAGS;
		return 0;
	}
	return -EINVAL;
}

/**
 * pgtag_mode_parse_storage - read the storage parameter
 * @mode: its store is set, unless compression was insisted on and this leaves
 *	it open; untouched on error
 * @storage: the parameter's text
 *
 * Return: 0; -EINVAL if it is not in the grammar %PGTAG_STORAGE_GRAMMAR or
 * contradicts what was insisted on.
 */
int pgtag_mode_parse_storage(struct pgtag_mode *mode, const char *storage)
{
	int store = find(stores, ARRAY_SIZE(stores), storage);

	if (store < 0)
		return store;
	if (store == PGTAG_AUTO)
		return 0;
	if (store == PGTAG_TABLE && mode->store == PGTAG_FLAGS)
		return -EINVAL;
	mode->store = store;
	return 0;
}

/**
 * pgtag_mode_parse_overflow - read the overflow parameter
 * @mode: its overflow is set; untouched on error
 * @overflow: the parameter's text
 *
 * Return: 0, or -EINVAL if it is not in the grammar %PGTAG_OVERFLOW_GRAMMAR.
 */
int pgtag_mode_parse_overflow(struct pgtag_mode *mode, const char *overflow)
{
	int found = find(overflows, ARRAY_SIZE(overflows), overflow);

	if (found < 0)
		return found;
	mode->overflow = found;
	return 0;
}

/**
 * pgtag_mode_parse_attach - read the attach parameter
 * @mode: its attach is set; untouched on error
 * @attach: the parameter's text
 *
 * Return: 0, or -EINVAL if it is not in the grammar %PGTAG_ATTACH_GRAMMAR.
 */
int pgtag_mode_parse_attach(struct pgtag_mode *mode, const char *attach)
{
	int found = find(attachments, ARRAY_SIZE(attachments), attach);

	if (found < 0)
		return found;
	mode->attach = found;
	return 0;
}

/* A decimal number of one or two digits, or -EINVAL. */
static int number(const char *text)
{
	size_t length = strspn(text, "0123456789");

	if (!length || length > 2 || text[length])
		return -EINVAL;
	return length == 1 ? text[0] - '0' :
			     10 * (text[0] - '0') + text[1] - '0';
}

/**
 * pgtag_mode_parse_depth - read the depth parameter
 * @mode: its depth is set; untouched on error
 * @depth: the parameter's text
 *
 * Return: 0, or -EINVAL if it is not in the grammar %PGTAG_DEPTH_GRAMMAR.
 */
int pgtag_mode_parse_depth(struct pgtag_mode *mode, const char *depth)
{
	int frames = number(depth);

	if (frames < 1 || frames > PGTAG_MAX_DEPTH)
		return -EINVAL;
	mode->depth = frames;
	return 0;
}

/**
 * pgtag_mode_parse_bits - read the bits parameter
 * @mode: its bits are set; untouched on error
 * @bits: the parameter's text
 *
 * Return: 0, or -EINVAL if it is not in the grammar %PGTAG_BITS_GRAMMAR.
 */
int pgtag_mode_parse_bits(struct pgtag_mode *mode, const char *bits)
{
	int width = number(bits);

	if (width && (width < PGTAG_MIN_BITS || width > PGTAG_MAX_BITS))
		return -EINVAL;
	mode->bits = width;
	return 0;
}

/**
 * pgtag_mode_parse_field - read the field parameter
 * @mode: its field is set; untouched on error
 * @field: the parameter's text
 *
 * Return: 0, or -EINVAL if it is not in the grammar %PGTAG_FIELD_GRAMMAR.
 */
int pgtag_mode_parse_field(struct pgtag_mode *mode, const char *field)
{
	int found = find(fields, ARRAY_SIZE(fields), field);

	if (found < 0)
		return found;
	mode->field = found;
	return 0;
}

/**
 * pgtag_mode_parse_slab - read the slab parameter
 * @mode: its slab is set; untouched on error
 * @slab: the parameter's text
 *
 * Return: 0, or -EINVAL if it is not in the grammar %PGTAG_SLAB_GRAMMAR.
 */
int pgtag_mode_parse_slab(struct pgtag_mode *mode, const char *slab)
{
	int found = find(slabs, ARRAY_SIZE(slabs), slab);

	if (found < 0)
		return found;
	mode->slab = found;
	return 0;
}

/**
 * pgtag_mode_parse_totals - read the totals parameter
 * @mode: its totals are set; untouched on error
 * @totals: the parameter's text
 *
 * Return: 0, or -EINVAL if it is not in the grammar %PGTAG_TOTALS_GRAMMAR.
 */
int pgtag_mode_parse_totals(struct pgtag_mode *mode, const char *totals)
{
	int found = find(switches, ARRAY_SIZE(switches), totals);

	if (found < 0)
		return found;
	mode->totals = found;
	return 0;
}

/**
 * pgtag_slab_name - the word for a value of the slab parameter
 * @slab: the value
 */
const char *pgtag_slab_name(enum pgtag_slab slab)
{
	return slabs[slab];
}
