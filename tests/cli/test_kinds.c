// SPDX-License-Identifier: GPL-2.0
/*
 * Where all memory is.
 */
#include "../unit/cmocka_tests.h"

#include "../../src/cli/kinds.c"

#define HEAD	"allocinfo - version: 2.0\n#     <size>  <calls> <tag info>\n"

static struct memory account(const char *sites, char *meminfo, char *status)
{
	struct snapshot snapshot = {
		.meminfo = meminfo, .status = status, .waiting = 8192,
	};
	char *text = xstrdup(sites);
	struct memory memory;
	struct parse_error error;
	struct allocinfo info;

	assert_true(allocinfo_parse(&info, text, strlen(text), &error));
	assert_true(memory_account(&memory, &info, &snapshot));
	allocinfo_free(&info);
	return memory;
}

static char meminfo[] =
	"MemTotal: 1000 kB\nMemFree: 92 kB\nBuffers: 8 kB\nCached: 92 kB\nShmem: 40 kB\n"
	"AnonPages: 400 kB\nSlab: 100 kB\nKernelStack: 20 kB\nPageTables: 16 kB\n"
	"SecPageTables: 4 kB\nPercpu: 40 kB\nHugetlb: 0 kB\n";

static void test_sums(void **state)
{
	char status[] = "at_start anonymous bytes: 102400\nat start file bytes: 1048576\n"
			"at start slab bytes: 4096\nat start other bytes: 65536\n";
	struct memory memory = account(HEAD
		" 286720 70 do_anonymous_page+0x1 func:do_anonymous_page.isra.0\n"
		" 4096 1 a+0x1 [m] func:do_anonymous_page\n"
		" 40960 10 shmem_alloc_folio+0x1 func:shmem_alloc_folio\n"
		" 20480 5 allocate_slab+0x1 func:allocate_slab\n"
		" 4096 9 f+0x1 func:f kind:object\n", meminfo, status);
	const struct kind_sum *kinds = memory.kinds;
	long long sum = memory.free;
	int i;

	(void)state;
	assert_int_equal(memory.total, 1000 * 1024);
	assert_int_equal(memory.free, 100 * 1024);
	assert_int_equal(kinds[KIND_ANONYMOUS].tagged, 280 * 1024);
	/* No more than there was at the start is taken for it. */
	assert_int_equal(kinds[KIND_ANONYMOUS].before, 100 * 1024);
	assert_int_equal(kind_unexplained(&kinds[KIND_ANONYMOUS]), 20 * 1024);
	/* Nor than there is. */
	assert_int_equal(kinds[KIND_SHMEM].before, 0);
	assert_int_equal(kinds[KIND_FILE].before, 60 * 1024);
	assert_int_equal(kinds[KIND_SLAB].before, 4096);
	assert_int_equal(kinds[KIND_PAGE_TABLES].size, 20 * 1024);
	/* A module's function of that name is another. */
	assert_int_equal(kinds[KIND_OTHER].tagged, 4096);
	/* Stacks, percpu and other share what there was. */
	assert_int_equal(kinds[KIND_STACKS].before, 20 * 1024);
	assert_int_equal(kinds[KIND_PERCPU].before, 40 * 1024);
	assert_int_equal(kinds[KIND_OTHER].before, 4096);
	for (i = 0; i < NR_KINDS; i++)
		sum += kinds[i].size;
	assert_int_equal(sum, memory.total);
	sum = memory.free + memory_sum(&memory).tagged + memory_sum(&memory).before;
	assert_int_equal(sum + memory_unexplained(&memory), memory.total);
}

/* Huge pages that khugepaged took are whose the rest leaves room for them. */
static void test_collapsed(void **state)
{
	static const char sites[] = HEAD
		" 286720 70 do_anonymous_page+0x1 func:do_anonymous_page\n"
		" 204800 1 alloc_charge_folio+0x1 func:alloc_charge_folio.isra.0\n";
	char with_files[] = "MemTotal: 1000 kB\nAnonPages: 300 kB\nCached: 200 kB\n"
			    "FileHugePages: 120 kB\nShmemHugePages: 40 kB\n";
	char without[] = "MemTotal: 1000 kB\nAnonPages: 480 kB\nFileHugePages: 120 kB\n";
	struct memory memory = account(sites, with_files, NULL);

	(void)state;
	assert_int_equal(memory.kinds[KIND_ANONYMOUS].tagged, (480 - 160) * 1024);
	assert_int_equal(memory.kinds[KIND_FILE].tagged, 120 * 1024);
	assert_int_equal(memory.kinds[KIND_SHMEM].tagged, 40 * 1024);
	memory = account(sites, without, NULL);
	assert_int_equal(memory.kinds[KIND_ANONYMOUS].tagged, 480 * 1024);
	assert_int_equal(memory.kinds[KIND_FILE].tagged, 0);
}

/* Profiling compiled in counts objects beside the pages they lie in. */
static void test_objects(void **state)
{
	struct memory memory = account(HEAD
		" 20480 5 mm/slub.c:1 func:alloc_slab_page\n"
		" 4096 64 fs/a.c:1 func:a\n 96 1 fs/b.c:1 func:b\n"
		" 8192 2 fs/c.c:1 func:c\n", meminfo, NULL);

	(void)state;
	assert_int_equal(memory.kinds[KIND_SLAB].tagged, 20480);
	assert_int_equal(memory.kinds[KIND_OTHER].tagged, 8192);
	assert_int_equal(memory_sum(&memory).before, 0);
	assert_int_equal(memory.doubtful, 8192);
}

/* It does not tell objects of a page from pages; those of known use are pages. */
static void test_doubtful(void **state)
{
	static const char sites[] = HEAD
		" 20480 5 mm/slub.c:1 func:alloc_slab_page\n"
		" 8192 1 fs/c.c:1 func:c\n 12288 1 fs/d.c:1 func:d\n";
	char told[] = "state: on\n";
	struct memory memory = account(sites, meminfo, NULL);

	(void)state;
	assert_int_equal(memory.doubtful, 8192);
	/* The module does. */
	memory = account(sites, meminfo, told);
	assert_int_equal(memory.doubtful, 0);
}

/* Whatever a file says, sums do not overflow. */
static void test_huge(void **state)
{
	struct memory memory = account(HEAD,
		"MemTotal: 18446744073709551615 kB\nMemFree: 9223372036854775807 kB\n"
		"AnonPages: 99999999999999999999999 kB\nShmem: 9223372036854775807 kB\n"
		"Cached: 9223372036854775807\nSlab: 18446744073709551615\n"
		"Percpu: 18446744073709551615\nHugetlb: 18446744073709551615\n",
		"at start file bytes: 18446744073709551615\n"
		"at start other bytes: 18446744073709551615\n");

	(void)state;
	assert_int_equal(memory.total, 1LL << 54);
	assert_int_equal(memory.free, (1LL << 54) + 8192);
	assert_int_equal(memory.kinds[KIND_SLAB].size, 1LL << 54);
}

static void test_nothing(void **state)
{
	const struct snapshot snapshot = { };
	struct allocinfo info = { };
	struct memory memory;

	(void)state;
	assert_false(memory_account(&memory, &info, &snapshot));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_collapsed),
		cmocka_unit_test(test_objects),
		cmocka_unit_test(test_doubtful),
		cmocka_unit_test(test_huge),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
