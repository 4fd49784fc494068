// SPDX-License-Identifier: GPL-2.0
/*
 * The presets of the api file.
 */
#include "cmocka_tests.h"

#include "../../src/names.c"
#include "../../src/presets.c"

#include <pgtag/api.h>

static void test_find(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(presets); i++) {
		assert_ptr_equal(pgtag_preset_at(i), &presets[i]);
		assert_ptr_equal(pgtag_preset_find(presets[i].name), &presets[i]);
	}
	assert_null(pgtag_preset_at(i));
	assert_null(pgtag_preset_find(""));
	assert_null(pgtag_preset_find("ne"));
	assert_null(pgtag_preset_find("nets"));
	assert_null(pgtag_preset_find("Net"));
}

/* What is said of a name that is none. */
static void test_list(void **state)
{
	char list[256] = "";
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(presets); i++) {
		strcat(list, i ? ", " : "");
		strcat(list, presets[i].name);
	}
	assert_string_equal(list, PGTAG_PRESET_LIST);
}

/* Sorted, so each once; no suffix; and nothing that is in the API anyway. */
static void check_functions(const struct pgtag_names *functions)
{
	size_t i;

	assert_in_range(functions->nr, 1, PGTAG_PRESET_MOST);
	for (i = 0; i < functions->nr; i++) {
		const char *name = functions->name[i];

		print_message("# %s\n", name);
		assert_true(!i || strcmp(functions->name[i - 1], name) < 0);
		assert_int_equal(pgtag_name_length(name), strlen(name));
		assert_true(strlen(name) < PGTAG_API_NAME);
		assert_false(pgtag_name_is_api(name) || pgtag_name_is_slab(name));
	}
}

/* All of them at once leave room for some names of the user's own. */
static void test_functions(void **state)
{
	size_t i, sum = 0;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(presets); i++) {
		check_functions(&presets[i].functions);
		sum += presets[i].functions.nr;
	}
	assert_in_range(sum, 1, PGTAG_API_ADDED - 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_functions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
