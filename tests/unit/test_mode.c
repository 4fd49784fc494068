// SPDX-License-Identifier: GPL-2.0
/*
 * The parameters.
 */
#include "cmocka_tests.h"

#include "../../src/mode.c"

static void test_mem_profiling(void **state)
{
	static const struct {
		const char *text;
		enum pgtag_state state;
		enum pgtag_store store;
	} good[] = {
		{ "0", PGTAG_OFF, PGTAG_AUTO },
		{ "1", PGTAG_ON, PGTAG_AUTO },
		{ "never", PGTAG_NEVER, PGTAG_AUTO },
		{ "0,compressed", PGTAG_OFF, PGTAG_FLAGS },
		{ "1,compressed", PGTAG_ON, PGTAG_FLAGS },
		{ "never,compressed", PGTAG_NEVER, PGTAG_FLAGS },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		struct pgtag_mode mode = { 0 };

		assert_int_equal(pgtag_mode_parse(&mode, good[i].text), 0);
		assert_int_equal(mode.state, good[i].state);
		assert_int_equal(mode.store, good[i].store);
	}
}

static void test_bad_mem_profiling(void **state)
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
		struct pgtag_mode mode = { .state = PGTAG_NEVER, .store = PGTAG_TABLE };

		print_message("# \"%s\"\n", bad[i]);
		assert_int_equal(pgtag_mode_parse(&mode, bad[i]), -EINVAL);
		assert_int_equal(mode.state, PGTAG_NEVER);
		assert_int_equal(mode.store, PGTAG_TABLE);
	}
}

static void test_storage(void **state)
{
	static const struct {
		const char *mem_profiling, *storage;
		int ret;
		enum pgtag_store store;
	} cases[] = {
		{ "1", "auto", 0, PGTAG_AUTO },
		{ "1", "flags", 0, PGTAG_FLAGS },
		{ "1", "table", 0, PGTAG_TABLE },
		{ "1,compressed", "auto", 0, PGTAG_FLAGS },
		{ "1,compressed", "flags", 0, PGTAG_FLAGS },
		{ "1,compressed", "table", -EINVAL, PGTAG_FLAGS },
		{ "1", "", -EINVAL, PGTAG_AUTO },
		{ "1", "tables", -EINVAL, PGTAG_AUTO },
		{ "1", "Flags", -EINVAL, PGTAG_AUTO },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct pgtag_mode mode = { 0 };

		print_message("# %s %s\n", cases[i].mem_profiling,
			      cases[i].storage);
		pgtag_mode_parse(&mode, cases[i].mem_profiling);
		assert_int_equal(pgtag_mode_parse_storage(&mode,
							  cases[i].storage),
				 cases[i].ret);
		assert_int_equal(mode.store, cases[i].store);
	}
}

static void test_totals(void **state)
{
	struct pgtag_mode mode = { };

	(void)state;
	assert_int_equal(pgtag_mode_parse_totals(&mode, "on"), 0);
	assert_true(mode.totals);
	assert_int_equal(pgtag_mode_parse_totals(&mode, "1"), -EINVAL);
	assert_int_equal(pgtag_mode_parse_totals(&mode, ""), -EINVAL);
	assert_true(mode.totals);
	assert_int_equal(pgtag_mode_parse_totals(&mode, "off"), 0);
	assert_false(mode.totals);
}

static void test_overflow(void **state)
{
	struct pgtag_mode mode = { 0 };

	(void)state;
	assert_int_equal(pgtag_mode_parse_overflow(&mode, "share"), 0);
	assert_int_equal(mode.overflow, PGTAG_SHARE);
	assert_int_equal(pgtag_mode_parse_overflow(&mode, "shares"), -EINVAL);
	assert_int_equal(pgtag_mode_parse_overflow(&mode, ""), -EINVAL);
	assert_int_equal(mode.overflow, PGTAG_SHARE);
	assert_int_equal(pgtag_mode_parse_overflow(&mode, "disable"), 0);
	assert_int_equal(mode.overflow, PGTAG_DISABLE);
}

static void test_attach(void **state)
{
	struct pgtag_mode mode = { 0 };

	(void)state;
	assert_int_equal(pgtag_mode_parse_attach(&mode, "functions"), 0);
	assert_int_equal(mode.attach, PGTAG_ATTACH_FUNCTIONS);
	assert_int_equal(pgtag_mode_parse_attach(&mode, ""), -EINVAL);
	assert_int_equal(pgtag_mode_parse_attach(&mode, "event"), -EINVAL);
	assert_int_equal(mode.attach, PGTAG_ATTACH_FUNCTIONS);
	assert_int_equal(pgtag_mode_parse_attach(&mode, "events"), 0);
	assert_int_equal(mode.attach, PGTAG_ATTACH_EVENTS);
}

static void test_field(void **state)
{
	struct pgtag_mode mode = { 0 };

	(void)state;
	assert_int_equal(pgtag_mode_parse_field(&mode, "unused"), 0);
	assert_int_equal(mode.field, PGTAG_BITS_OF_UNUSED);
	assert_int_equal(pgtag_mode_parse_field(&mode, ""), -EINVAL);
	assert_int_equal(pgtag_mode_parse_field(&mode, "last_cpupid"), -EINVAL);
	assert_int_equal(mode.field, PGTAG_BITS_OF_UNUSED);
	assert_int_equal(pgtag_mode_parse_field(&mode, "cpupid"), 0);
	assert_int_equal(mode.field, PGTAG_BITS_OF_CPUPID);
	assert_int_equal(pgtag_mode_parse_field(&mode, "auto"), 0);
	assert_int_equal(mode.field, PGTAG_BITS_OF_ANY);
}

static void test_slab(void **state)
{
	static const char * const bad[] = { "", "page", "Callers", "callers ", "object" };
	struct pgtag_mode mode = { 0 };
	size_t i;

	(void)state;
	assert_int_equal(pgtag_mode_parse_slab(&mode, "callers"), 0);
	assert_int_equal(mode.slab, PGTAG_SLAB_CALLERS);
	assert_string_equal(pgtag_slab_name(mode.slab), "callers");
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		print_message("# \"%s\"\n", bad[i]);
		assert_int_equal(pgtag_mode_parse_slab(&mode, bad[i]), -EINVAL);
		assert_int_equal(mode.slab, PGTAG_SLAB_CALLERS);
	}
	assert_int_equal(pgtag_mode_parse_slab(&mode, "objects"), 0);
	assert_int_equal(mode.slab, PGTAG_SLAB_OBJECTS);
	assert_string_equal(pgtag_slab_name(mode.slab), "objects");
	assert_int_equal(pgtag_mode_parse_slab(&mode, "pages"), 0);
	assert_int_equal(mode.slab, PGTAG_SLAB_PAGES);
	assert_string_equal(pgtag_slab_name(mode.slab), "pages");
}

static void test_numbers(void **state)
{
	static const char * const bad[] = {
		"", " ", "-1", "+1", " 1", "1 ", "1x", "x", "0x1", "100",
		"256", "4294967297", "1\n",
	};
	struct pgtag_mode mode = { 0 };
	char text[16];
	size_t i;
	int n;

	(void)state;
	for (n = 0; n < 100; n++) {
		bool depth = n >= 1 && n <= 8;
		bool bits = n == 0 || (n >= 4 && n <= 32);

		snprintf(text, sizeof(text), "%d", n);
		mode.depth = mode.bits = 77;
		assert_int_equal(pgtag_mode_parse_depth(&mode, text),
				 depth ? 0 : -EINVAL);
		assert_int_equal(mode.depth, depth ? n : 77);
		assert_int_equal(pgtag_mode_parse_bits(&mode, text),
				 bits ? 0 : -EINVAL);
		assert_int_equal(mode.bits, bits ? n : 77);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		print_message("# \"%s\"\n", bad[i]);
		assert_int_equal(pgtag_mode_parse_depth(&mode, bad[i]), -EINVAL);
		assert_int_equal(pgtag_mode_parse_bits(&mode, bad[i]), -EINVAL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mem_profiling),
		cmocka_unit_test(test_bad_mem_profiling),
		cmocka_unit_test(test_storage),
		cmocka_unit_test(test_overflow),
		cmocka_unit_test(test_totals),
		cmocka_unit_test(test_attach),
		cmocka_unit_test(test_field),
		cmocka_unit_test(test_slab),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
