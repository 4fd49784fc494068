// SPDX-License-Identifier: GPL-2.0
/*
 * The reader of allocinfo, and sites of two times.
 */
#include "../unit/cmocka_tests.h"

#include "../../src/cli/allocinfo.c"

#define HEAD_1	"allocinfo - version: 1.0\n#     <size>  <calls> <tag info>\n"
#define HEAD	"allocinfo - version: 2.0\n#     <size>  <calls> <tag info>\n"
#define NODES	"nodes - version: 1.0\n#     <size>  <calls>      <node0>      <node2> <tag info>\n"

static bool parse(struct allocinfo *info, const char *text, size_t length,
		  struct parse_error *error)
{
	char *copy = malloc(length + 1);

	memcpy(copy, text, length);
	copy[length] = '\0';
	return allocinfo_parse(info, copy, length, error);
}

static void parsed(struct allocinfo *info, const char *text)
{
	struct parse_error error;

	if (!parse(info, text, strlen(text), &error))
		fail_msg("line %zu: %s", error.line, error.what);
}

static void refused(const char *text, size_t line)
{
	struct allocinfo info;
	struct parse_error error;

	assert_false(parse(&info, text, strlen(text), &error));
	assert_int_equal(error.line, line);
	assert_non_null(error.what);
}

static void is_site(const struct site *site, const char *location,
		    const char *module, const char *function, const char *path,
		    const char *kind, long long bytes, unsigned long long calls)
{
	assert_string_equal(site->location, location);
	assert_string_equal(site->module, module);
	assert_string_equal(site->function, function);
	assert_string_equal(site->path, path);
	assert_string_equal(site->kind, kind);
	assert_int_equal(site->bytes, bytes);
	assert_int_equal(site->calls, calls);
}

static void test_lines(void **state)
{
	struct allocinfo info;

	(void)state;
	parsed(&info, HEAD_1
	       "      200704       49 mm/memory.c:1234 func:do_wp_page \n"
	       "           0        0 fs/x.c:1 [ext4] func:f \n");
	assert_int_equal(info.major, 1);
	assert_int_equal(info.nr, 2);
	is_site(&info.sites[0], "mm/memory.c:1234", "", "do_wp_page", "", "", 200704, 49);
	is_site(&info.sites[1], "fs/x.c:1", "ext4", "f", "", "", 0, 0);
	allocinfo_free(&info);

	parsed(&info, HEAD
	       " 8 1 a.isra.0+0x1c [m] func:a.isra.0 path:b+0x2 [m];c+0x3;d+0x4 [n] accurate:no \n"
	       " -4096 0 a+0x1c func:a kind:object new:thing \n"
	       " 1 1 <unknown> func:<unknown> \n"
	       " 4096 1 b+0x1 func:b path:c+0x2 [m]\n"
	       " 8192 1 c+0x1 func:c accurate:yes\n");
	assert_int_equal(info.nr, 5);
	is_site(&info.sites[0], "<unknown>", "", "<unknown>", "", "", 1, 1);
	is_site(&info.sites[1], "a+0x1c", "", "a", "", "object", -4096, 0);
	is_site(&info.sites[2], "b+0x1", "", "b", "c+0x2 [m]", "", 4096, 1);
	assert_false(info.sites[2].inaccurate);
	assert_false(info.sites[3].inaccurate);
	is_site(&info.sites[4], "a.isra.0+0x1c", "m", "a.isra.0",
		"b+0x2 [m];c+0x3;d+0x4 [n]", "", 8, 1);
	assert_true(info.sites[4].inaccurate);
	/* Objects lie in pages that are counted. */
	assert_int_equal(allocinfo_bytes(&info), 3 * 4096);
	allocinfo_free(&info);

	parsed(&info, NODES " 12 3 8 4 a+0x1 func:a \n");
	is_site(&info.sites[0], "a+0x1", "", "a", "", "", 12, 3);
	allocinfo_free(&info);

	/* The two lines of the header alone. */
	parsed(&info, HEAD);
	assert_int_equal(info.nr, 0);
	allocinfo_free(&info);
}

static void test_duplicates(void **state)
{
	struct allocinfo info;

	(void)state;
	parsed(&info, HEAD
	       " 10 1 mm/x.c:5 func:f \n"
	       " 7 7 mm/x.c:6 func:f \n"
	       " 20 2 mm/x.c:5 func:f accurate:no \n"
	       " 40 4 mm/x.c:5 [m] func:f \n"
	       " 80 8 mm/x.c:5 func:f path:g+0x1 \n"
	       " 30 3 mm/x.c:5 func:f \n");
	assert_int_equal(info.nr, 4);
	is_site(&info.sites[0], "mm/x.c:5", "", "f", "", "", 60, 6);
	assert_true(info.sites[0].inaccurate);
	is_site(&info.sites[1], "mm/x.c:6", "", "f", "", "", 7, 7);
	allocinfo_free(&info);
}

static void test_refused(void **state)
{
	static const struct {
		const char *text;
		size_t line;
	} bad[] = {
		{ "", 1 },
		{ "\n", 1 },
		{ "allocinfo - version: 2.0", 1 },
		{ "allocinfo - version: 2.0\n", 2 },
		{ "allocinfo - version: 0.9\n", 1 },
		{ "allocinfo - version: 3.0\n", 1 },
		{ "allocinfo - version: 2\n", 1 },
		{ "allocinfo - version: 2.0 \n", 1 },
		{ "nodes - version: 2.0\n", 1 },
		{ "totals - version: 2.0\n", 1 },
		{ "slabinfo - version: 2.1\n", 1 },
		{ "allocinfo - version: 2.0\n# <calls> <size> <tag info>\n", 2 },
		{ "allocinfo - version: 2.0\n# <size> <calls> <tag>\n", 2 },
		{ HEAD "\n", 3 },
		{ HEAD " 1 1 a+0x1 func:a", 3 },
		{ HEAD " 1 1 a+0x1 func:a \n 1 1 a+0x1 fu", 4 },
		{ HEAD " 1 1 a+0x1 func:a \n 1 1 a+0x1\n", 4 },
		{ HEAD " 1 1 a+0x1 func:\n", 3 },
		{ HEAD " 1 1 a+0x1 func:a\x9b\n", 3 },
		{ HEAD " 1 1 a+0x1 func:a\xc2\x9b\n", 3 },
		{ HEAD " 1 1 a+0x1 func:a func:b\n", 3 },
		{ HEAD " 1 1 a+0x1 func:a path:b+0x1 path:b+0x1\n", 3 },
		{ HEAD " 1 1 a+0x1 func:a stray\n", 3 },
		{ HEAD " 1 1 a+0x1 [] func:a\n", 3 },
		{ HEAD " 1 1 a+0x1 [m func:a\n", 3 },
		{ HEAD " 1 1 a+0x1 [m] [n] func:a\n", 3 },
		{ HEAD " 1 -1 a+0x1 func:a\n", 3 },
		{ HEAD " 1 a+0x1 func:a\n", 3 },
		{ HEAD " --1 1 a+0x1 func:a\n", 3 },
		{ HEAD " +1 1 a+0x1 func:a\n", 3 },
		{ HEAD " 0x1 1 a+0x1 func:a\n", 3 },
		{ HEAD " - 1 a+0x1 func:a\n", 3 },
		{ HEAD " 9223372036854775808 1 a+0x1 func:a\n", 3 },
		{ HEAD " 1152921504606846977 1 a+0x1 func:a\n", 3 },
		{ HEAD " 1 1152921504606846977 a+0x1 func:a\n", 3 },
		{ HEAD " 99999999999999999999999 1 a+0x1 func:a\n", 3 },
		{ HEAD " 1 18446744073709551616 a+0x1 func:a\n", 3 },
		{ HEAD " 1 1\ta+0x1 func:a\n", 3 },
		{ HEAD " 1 1 a\033[2J+0x1 func:a\n", 3 },
		{ HEAD " 1 1 a+0x1 func:a\r\n", 3 },
		{ HEAD HEAD, 3 },
		{ HEAD " 1152921504606846976 1 a+0x1 func:a\n 1 1 a+0x1 func:a\n", 4 },
		{ HEAD " 1152921504606846976 1 a+0x1 func:a\n -1 1 b+0x1 func:b\n", 4 },
		{ NODES " 12 3 8 a+0x1 func:a \n", 3 },
	};
	static const char nul[] = HEAD " 1 1 a+0x1 func:a\0\n";
	struct parse_error error;
	struct allocinfo info;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		print_message("# bad text %zu\n", i);
		refused(bad[i].text, bad[i].line);
	}
	assert_false(parse(&info, nul, sizeof(nul) - 1, &error));
	assert_int_equal(error.line, 3);
}

/* Joined as "BEFORE>AFTER " by bytes, - for none. */
static void joined(const char *before, const char *after, const char *want)
{
	struct allocinfo a, b;
	struct pair *pairs;
	char got[256] = "";
	size_t i, nr;

	print_message("# %s\n", want);
	parsed(&a, before);
	parsed(&b, after);
	nr = allocinfo_join(&a, &b, &pairs);
	for (i = 0; i < nr; i++) {
		char left[24] = "-", right[24] = "-";

		if (pairs[i].before)
			snprintf(left, sizeof(left), "%lld", pairs[i].before->bytes);
		if (pairs[i].after)
			snprintf(right, sizeof(right), "%lld", pairs[i].after->bytes);
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s>%s ",
			 left, right);
	}
	assert_string_equal(got, want);
	free(pairs);
	allocinfo_free(&a);
	allocinfo_free(&b);
}

static void test_join(void **state)
{
	(void)state;
	/* Whatever the order; come and gone. */
	joined(HEAD " 1 1 a+0x1 func:a\n 2 1 b+0x1 func:b\n",
	       HEAD " 3 1 c+0x1 func:c\n 4 1 a+0x1 func:a\n", "1>4 2>- ->3 ");
	/* The same code, in which another site is seen: the place counts. */
	joined(HEAD " 1 1 a+0x20 func:a\n 2 1 a+0x100 func:a\n",
	       HEAD " 3 1 a+0x9 func:a\n 4 1 a+0x20 func:a\n 5 1 a+0x100 func:a\n",
	       "->3 1>4 2>5 ");
	/* Other code: the order counts, by number. */
	joined(HEAD " 1 1 a+0x20 func:a\n 2 1 a+0x100 func:a\n",
	       HEAD " 3 1 a+0x94 func:a\n 4 1 a+0x113 func:a\n", "1>3 2>4 ");
	joined(HEAD " 1 1 m/a.c:9 func:a\n 2 1 m/a.c:10 func:a\n",
	       HEAD " 3 1 m/a.c:13 func:a\n 4 1 m/a.c:14 func:a\n 5 1 m/a.c:18 func:a\n",
	       "1>3 2>4 ->5 ");
	/* Compilers call a function otherwise, people a file. */
	joined(HEAD " 1 1 a+0x20 func:a\n", HEAD " 3 1 a.isra.0+0x21 func:a.isra.0\n",
	       "1>3 ");
	joined(HEAD " 1 1 a+0x20 func:a\n", HEAD " 3 1 mm/a.c:7 func:a\n", "1>3 ");
	/* But a module is another thing, as are other callers, and objects. */
	joined(HEAD " 1 1 a+0x20 func:a\n", HEAD " 3 1 a+0x20 [m] func:a\n", "1>- ->3 ");
	joined(HEAD " 1 1 a+0x20 func:a path:b+0x1\n",
	       HEAD " 3 1 a+0x20 func:a path:c+0x1\n", "1>- ->3 ");
	joined(HEAD " 1 1 a+0x20 func:a path:b+0x1 [m];c+0x2\n",
	       HEAD " 3 1 a+0x24 func:a path:b+0x5 [m];c+0x9\n", "1>3 ");
	joined(HEAD " 1 1 a+0x20 func:a\n", HEAD " 3 1 a+0x20 func:a kind:object\n",
	       "1>- ->3 ");
}

static void test_ordinal(void **state)
{
	struct allocinfo info;

	(void)state;
	parsed(&info, HEAD
	       " 1 1 a+0x100 func:a\n 2 1 b+0x1 func:b\n 3 1 a+0x20 func:a\n"
	       " 4 1 a+0x20 func:a\n");
	assert_int_equal(info.nr, 3);
	assert_int_equal(info.sites[0].bytes, 7);
	assert_int_equal(info.sites[0].ordinal, 0);
	assert_int_equal(info.sites[1].bytes, 1);
	assert_int_equal(info.sites[1].ordinal, 1);
	assert_int_equal(info.sites[2].ordinal, 0);
	allocinfo_free(&info);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_ordinal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
