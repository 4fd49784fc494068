// SPDX-License-Identifier: GPL-2.0
/*
 * The mem_profiling parameter.
 */
#include "cmocka_tests.h"

#include "../../src/mode.c"

static void test_good(void **state)
{
	static const struct {
		const char *text;
		enum pgtag_state state;
		bool compressed;
	} good[] = {
		{ "0", PGTAG_OFF, false },
		{ "1", PGTAG_ON, false },
		{ "never", PGTAG_NEVER, false },
		{ "0,compressed", PGTAG_OFF, true },
		{ "1,compressed", PGTAG_ON, true },
		{ "never,compressed", PGTAG_NEVER, true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		struct pgtag_mode mode;

		assert_int_equal(pgtag_mode_parse(&mode, good[i].text), 0);
		assert_int_equal(mode.state, good[i].state);
		assert_int_equal(mode.compressed, good[i].compressed);
	}
}

static void test_bad(void **state)
{
	static const char * const bad[] = {
		"", " ", "2", "x", "01", "10", "y", "on", "1 ", " 1", "1\n",
		"1,", ",", ",compressed", "compressed", "1,foo",
		"1,compressed,", "1,compressed,compressed", "1, compressed",
		"1,Compressed", "Never", "never,", "nevercompressed",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct pgtag_mode mode = { PGTAG_NEVER, true };

		print_message("# \"%s\"\n", bad[i]);
		assert_int_equal(pgtag_mode_parse(&mode, bad[i]), -EINVAL);
		assert_int_equal(mode.state, PGTAG_NEVER);
		assert_true(mode.compressed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
