// SPDX-License-Identifier: GPL-2.0
/*
 * Records and filters of /proc/allocinfo's ioctls.
 */
#include "cmocka_tests.h"

#include "../../src/records.c"

#define SIXTY	"012345678901234567890123456789012345678901234567890123456789"
#define LAST_59	"12345678901234567890123456789012345678901234567890123456789"

static void test_sizes(void **state)
{
	(void)state;
	/* They are part of the numbers that programs have been built with. */
	assert_int_equal(ALLOCINFO_IOC_CONTENT_ID, 0x8008a600);
	assert_int_equal(ALLOCINFO_IOC_GET_AT, 0xc1d0a601);
	assert_int_equal(ALLOCINFO_IOC_GET_NEXT, 0x80e0a602);
	assert_int_equal(ALLOCINFO_FILTER_MASKS, (1 << 7) - 1);
}

static void test_names(void **state)
{
	static const struct {
		const char *text, *filename, *modname, *function;
		u64 lineno;
	} cases[] = {
		{ "grab+0x1a func:grab", "grab+0x1a", "", "grab", 0 },
		{ "grab+0x1a func:grab ", "grab+0x1a", "", "grab", 0 },
		{ "grab+0x1a [driver] func:grab", "grab+0x1a", "driver", "grab", 0 },
		{ "grab.isra.0+0x1a [driver] func:grab path:open+0x1;read+0x2 [fs]",
		  "grab.isra.0+0x1a", "driver", "grab", 0 },
		{ "open+0x1 func:open path:read+0x2 [fs]", "open+0x1", "", "open", 0 },
		{ "mm/memory.c:4711 func:do_fault", "mm/memory.c", "", "do_fault", 4711 },
		{ "a.c:7 [driver] func:f path:g+0x1", "a.c", "driver", "f", 7 },
		{ "a:b.c:0 func:f", "a:b.c", "", "f", 0 },
		/* no line, or no file: it is told as it stands */
		{ "a.c: func:f", "a.c:", "", "f", 0 },
		{ "a.c:1x func:f", "a.c:1x", "", "f", 0 },
		{ ":12 func:f", ":12", "", "f", 0 },
		{ "12 func:f", "12", "", "f", 0 },
		{ "<unknown> func:<unknown>", "<unknown>", "", "<unknown>", 0 },
		{ "<overflow> func:<overflow>", "<overflow>", "", "<overflow>", 0 },
		{ "", "", "", "", 0 },
		/* 63 characters are all there is room for */
		{ SIXTY "abc func:" SIXTY "abc", SIXTY "abc", "", SIXTY "abc", 0 },
		{ SIXTY "abcd func:" SIXTY "abcd", LAST_59 "abcd", "",
		  LAST_59 "abcd", 0 },
		{ "x" SIXTY "abc:12 [y" SIXTY "abc] func:z" SIXTY "abc", SIXTY "abc",
		  SIXTY "abc", SIXTY "abc", 12 },
	};
	static const char zeros[ALLOCINFO_STR_SIZE];
	struct allocinfo_tag tag;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		print_message("# %s\n", cases[i].text);
		memset(&tag, 0x5a, sizeof(tag));
		pgtag_record_name(&tag, cases[i].text);
		assert_string_equal(tag.filename, cases[i].filename);
		assert_string_equal(tag.modname, cases[i].modname);
		assert_string_equal(tag.function, cases[i].function);
		assert_int_equal(tag.lineno, cases[i].lineno);
		/* Nothing of what was there before is left. */
		assert_memory_equal(tag.modname + strlen(tag.modname), zeros,
				    ALLOCINFO_STR_SIZE - strlen(tag.modname));
		assert_memory_equal(tag.function + strlen(tag.function), zeros,
				    ALLOCINFO_STR_SIZE - strlen(tag.function));
		assert_memory_equal(tag.filename + strlen(tag.filename), zeros,
				    ALLOCINFO_STR_SIZE - strlen(tag.filename));
	}
}

static void test_valid(void **state)
{
	struct allocinfo_filter filter = { .min_size = 2, .max_size = 1 };
	const u64 both = ALLOCINFO_FILTER_MASK_MIN_SIZE | ALLOCINFO_FILTER_MASK_MAX_SIZE;
	unsigned int bit;

	(void)state;
	for (bit = 0; bit < 64; bit++) {
		filter.mask = 1ULL << bit;
		assert_int_equal(pgtag_filter_valid(&filter), bit < 7);
	}
	/* What the mask does not name may be anything. */
	filter.mask = ALLOCINFO_FILTER_MASKS & ~both;
	assert_true(pgtag_filter_valid(&filter));
	filter.mask = both;
	assert_false(pgtag_filter_valid(&filter));
	filter.max_size = 2;
	assert_true(pgtag_filter_valid(&filter));
	filter.mask = ALLOCINFO_FILTER_MASKS;
	assert_true(pgtag_filter_valid(&filter));
}

static bool passes(struct allocinfo_filter *filter, u64 mask,
		   const struct allocinfo_tag *tag)
{
	filter->mask = mask;
	return pgtag_filter_passes_tag(filter, tag);
}

static void test_filter_names(void **state)
{
	static const u64 bits[] = {
		ALLOCINFO_FILTER_MASK_MODNAME, ALLOCINFO_FILTER_MASK_FUNCTION,
		ALLOCINFO_FILTER_MASK_FILENAME, ALLOCINFO_FILTER_MASK_LINENO,
	};
	struct allocinfo_filter filter;
	struct allocinfo_tag tag;
	unsigned int set, wrong, i;

	(void)state;
	pgtag_record_name(&tag, "a.c:7 [driver] func:grab");
	/* Each part wrong or right, and asked for or not: all that is asked for counts. */
	for (wrong = 0; wrong < 16; wrong++) {
		pgtag_record_name(&filter.fields, "a.c:7 [driver] func:grab");
		filter.fields.modname[5] = wrong & 1 ? '\0' : 'r';
		filter.fields.function[4] = wrong & 2 ? 's' : '\0';
		filter.fields.filename[0] = wrong & 4 ? 'b' : 'a';
		filter.fields.lineno = wrong & 8 ? 8 : 7;
		for (set = 0; set < 16; set++) {
			u64 mask = 0;

			for (i = 0; i < 4; i++)
				mask |= set & (1U << i) ? bits[i] : 0;
			assert_int_equal(passes(&filter, mask, &tag), !(set & wrong));
		}
	}
	/* Asked for with an empty name: the kernel itself. */
	memset(&filter, 0, sizeof(filter));
	assert_false(passes(&filter, ALLOCINFO_FILTER_MASK_MODNAME, &tag));
	pgtag_record_name(&tag, "grab+0x1 func:grab");
	assert_true(passes(&filter, ALLOCINFO_FILTER_MASK_MODNAME, &tag));
	/* Without a null byte there is no such name. */
	pgtag_record_name(&tag, "x func:" SIXTY "abc");
	memcpy(filter.fields.function, SIXTY "abcd", ALLOCINFO_STR_SIZE);
	assert_false(passes(&filter, ALLOCINFO_FILTER_MASK_FUNCTION, &tag));
	filter.fields.function[63] = '\0';
	assert_true(passes(&filter, ALLOCINFO_FILTER_MASK_FUNCTION, &tag));
}

static void test_filter_counters(void **state)
{
	struct allocinfo_counter counter = { .bytes = 8192, .calls = 2, .accurate = 1 };
	static const struct {
		u64 mask, min, max, inaccurate;
		bool accurate, passes;
	} cases[] = {
		{ 0, 9000, 0, 1, true, true },
		{ ALLOCINFO_FILTER_MASK_MIN_SIZE, 8192, 0, 0, true, true },
		{ ALLOCINFO_FILTER_MASK_MIN_SIZE, 8193, 0, 0, true, false },
		{ ALLOCINFO_FILTER_MASK_MAX_SIZE, 0, 8192, 0, true, true },
		{ ALLOCINFO_FILTER_MASK_MAX_SIZE, 0, 8191, 0, true, false },
		{ ALLOCINFO_FILTER_MASK_INACCURATE, 0, 0, 0, true, true },
		{ ALLOCINFO_FILTER_MASK_INACCURATE, 0, 0, 7, true, false },
		{ ALLOCINFO_FILTER_MASK_INACCURATE, 0, 0, 0, false, false },
		{ ALLOCINFO_FILTER_MASK_INACCURATE, 0, 0, 7, false, true },
		{ PGTAG_FILTER_COUNTERS, 1, 9000, 0, true, true },
		{ PGTAG_FILTER_COUNTERS, 1, 9000, 1, true, false },
		{ PGTAG_FILTER_COUNTERS, 9000, 9001, 0, true, false },
		{ PGTAG_FILTER_COUNTERS, 1, 2, 0, true, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct allocinfo_filter filter = {
			.mask = cases[i].mask,
			.min_size = cases[i].min,
			.max_size = cases[i].max,
			.inaccurate = cases[i].inaccurate,
		};

		print_message("# %zu\n", i);
		counter.accurate = cases[i].accurate;
		assert_int_equal(pgtag_filter_passes_counter(&filter, &counter),
				 cases[i].passes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_filter_names),
		cmocka_unit_test(test_filter_counters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
