// SPDX-License-Identifier: GPL-2.0
/*
 * Whatever allocinfo says, reading and joining it neither crashes nor loses a site.
 */
#include <assert.h>
#include <stdint.h>

#include "../../src/cli/allocinfo.c"
#include "../../src/cli/util.c"

static bool parse(struct allocinfo *info, const uint8_t *data, size_t size)
{
	/* Exactly as long as it is, so that who reads beyond it is caught. */
	char *text = xrealloc(NULL, size + 1, 1);
	struct parse_error error;

	memcpy(text, data, size);
	text[size] = '\0';
	return allocinfo_parse(info, text, size, &error);
}

/* Every site once, and sites with the same places as themselves. */
static void check_join(const struct allocinfo *a, const struct allocinfo *b, bool same)
{
	struct pair *pairs;
	size_t nr = allocinfo_join(a, b, &pairs);
	size_t i, before = 0, after = 0;

	for (i = 0; i < nr; i++) {
		before += !!pairs[i].before;
		after += !!pairs[i].after;
		assert(!same || pairs[i].before == pairs[i].after);
	}
	assert(before == a->nr && after == b->nr);
	free(pairs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct allocinfo whole, half;
	size_t end;

	if (!parse(&whole, data, size))
		return 0;
	check_join(&whole, &whole, true);
	/* The same with its last lines left out. */
	for (end = size / 2; end && data[end - 1] != '\n'; end--)
		;
	if (parse(&half, data, end)) {
		check_join(&half, &whole, false);
		check_join(&whole, &half, false);
		allocinfo_free(&half);
	}
	allocinfo_free(&whole);
	return 0;
}
