// SPDX-License-Identifier: GPL-2.0
/*
 * The allocator API by name.
 */
#include "cmocka_tests.h"

#include "../../src/names.c"

static void check_sorted(const char * const *names, size_t nr)
{
	size_t i;

	for (i = 1; i < nr; i++) {
		print_message("# %s\n", names[i]);
		assert_true(strcmp(names[i - 1], names[i]) < 0);
	}
}

static void test_tables_are_sorted(void **state)
{
	(void)state;
	check_sorted(api_names, ARRAY_SIZE(api_names));
	check_sorted(slab_names, ARRAY_SIZE(slab_names));
	check_sorted(slab_inner_names, ARRAY_SIZE(slab_inner_names));
	check_sorted(percpu_names, ARRAY_SIZE(percpu_names));
}

/* By its own name, with a compiler's suffix, and not as a part of another. */
static void check_found(const char *name, bool (*is_one)(const char *symbol))
{
	char symbol[128];

	print_message("# %s\n", name);
	snprintf(symbol, sizeof(symbol), "%s+0x1a/0x120", name);
	assert_true(is_one(symbol));
	snprintf(symbol, sizeof(symbol), "%s.isra.0+0x1a/0x120", name);
	assert_true(is_one(symbol));
	snprintf(symbol, sizeof(symbol), "%sx+0x1a/0x120", name);
	assert_false(is_one(symbol));
	/* a module's own, of the same name */
	snprintf(symbol, sizeof(symbol), "%s+0x1a/0x120 [driver]", name);
	assert_false(is_one(symbol));
}

static void test_every_name_is_found(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(api_names); i++)
		check_found(api_names[i], pgtag_name_is_api);
	for (i = 0; i < ARRAY_SIZE(slab_names); i++)
		check_found(slab_names[i], pgtag_name_is_slab);
	for (i = 0; i < ARRAY_SIZE(slab_inner_names); i++)
		check_found(slab_inner_names[i], pgtag_name_grows_slab);
	for (i = 0; i < ARRAY_SIZE(percpu_names); i++)
		check_found(percpu_names[i], pgtag_name_is_percpu);
}

/* What is in both would be in one of them for nothing. */
static void test_tables_are_apart(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(slab_names); i++) {
		print_message("# %s\n", slab_names[i]);
		assert_false(pgtag_name_is_api(slab_names[i]));
		assert_false(pgtag_name_grows_slab(slab_names[i]));
		assert_false(pgtag_name_is_percpu(slab_names[i]));
	}
	for (i = 0; i < ARRAY_SIZE(slab_inner_names); i++) {
		print_message("# %s\n", slab_inner_names[i]);
		assert_false(pgtag_name_is_api(slab_inner_names[i]));
	}
	for (i = 0; i < ARRAY_SIZE(percpu_names); i++) {
		print_message("# %s\n", percpu_names[i]);
		assert_false(pgtag_name_is_api(percpu_names[i]));
	}
	assert_false(pgtag_name_is_slab("alloc_pages"));
	assert_false(pgtag_name_is_slab("alloc_inode"));
	assert_false(pgtag_name_is_slab("__alloc_empty_sheaf"));
	assert_false(pgtag_name_is_slab(""));
}

static void test_api(void **state)
{
	static const char * const api[] = {
		"vmalloc", "vmalloc+0x1/0x2", "__alloc_pages.constprop.0",
		"__folio_alloc.part.0.cold+0x7/0x20", "any_function_noprof",
		"__kmalloc_node_noprof+0x4c/0x90",
	};
	static const char * const not_api[] = {
		"", "vmal", "vmallocs", "shmem_alloc_folio+0x9c/0x100",
		"allocate_slab", "_noprof", "x_noprof_y", "noprof",
		/* a module's own, of the same name */
		"vmalloc+0x1/0x2 [driver]", "grab_noprof+0x1/0x2 [driver]",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(api); i++) {
		print_message("# %s\n", api[i]);
		assert_true(pgtag_name_is_api(api[i]));
	}
	for (i = 0; i < ARRAY_SIZE(not_api); i++) {
		print_message("# not %s\n", not_api[i]);
		assert_false(pgtag_name_is_api(not_api[i]));
	}
}

static void test_length(void **state)
{
	(void)state;
	assert_int_equal(pgtag_name_length("vmalloc"), 7);
	assert_int_equal(pgtag_name_length("vmalloc+0x1/0x2 [m]"), 7);
	assert_int_equal(pgtag_name_length("vmalloc.isra.0+0x1"), 7);
	assert_int_equal(pgtag_name_length("vmalloc [m]"), 7);
	assert_int_equal(pgtag_name_length(""), 0);
}

static void test_same(void **state)
{
	(void)state;
	assert_true(pgtag_name_same("vmalloc+0x1/0x2", "vmalloc"));
	assert_true(pgtag_name_same("vmalloc.isra.0+0x1/0x2", "vmalloc.part.0"));
	assert_false(pgtag_name_same("vmalloc+0x1/0x2", "vmal"));
	assert_false(pgtag_name_same("vmal+0x1/0x2", "vmalloc"));
	assert_false(pgtag_name_same("vmalloc+0x1/0x2", ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables_are_sorted),
		cmocka_unit_test(test_every_name_is_found),
		cmocka_unit_test(test_tables_are_apart),
		cmocka_unit_test(test_api),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
