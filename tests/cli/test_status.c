// SPDX-License-Identifier: GPL-2.0
/*
 * pgtag status: what it makes of machines.
 */
#include "../unit/cmocka_tests.h"

#include "../../src/cli/status.c"

static char *said;

/* How many problems there are; what is said of them is in @said. */
static int judged(const struct machine *machine)
{
	FILE *console = stdout;
	size_t size;
	int problems;

	free(said);
	stdout = open_memstream(&said, &size);
	problems = judge(machine);
	fclose(stdout);
	stdout = console;
	return problems;
}

static void says(const char *text)
{
	if (!strstr(said, text))
		fail_msg("no \"%s\" in\n%s", text, said);
}

static char good[64] = "# Profiling: on\nstate: on\ndegraded: no\nstorage: flags\n";

static const struct machine fine = {
	.status = good, .loaded = true, .installed = true, .root = true, .debugfs = true,
};

static void test_fine(void **state)
{
	const struct machine profiled = { .profiled = true, .root = true };

	(void)state;
	assert_int_equal(judged(&fine), 0);
	assert_string_equal(said, "");
	assert_int_equal(judged(&profiled), 0);
}

static void test_loading(void **state)
{
	struct machine machine = { .root = true };

	(void)state;
	assert_int_equal(judged(&machine), 1);
	says("not installed for this kernel");
	says("pgtag-dkms");
	machine.installed = true;
	assert_int_equal(judged(&machine), 1);
	says("sudo modprobe pgtag_compress");
	machine.signed_only = true;
	assert_int_equal(judged(&machine), 2);
	says("dkms makes the key");
	machine.dkms = true;
	assert_int_equal(judged(&machine), 2);
	says("do: sudo mokutil --import /var/lib/dkms/mok.pub");
	machine.shim_signed = true;
	assert_int_equal(judged(&machine), 2);
	says("sudo update-secureboot-policy --enroll-key");
}

static void test_reading(void **state)
{
	struct machine machine = fine;
	const struct machine profiled = { .profiled = true };

	(void)state;
	machine.status = NULL;
	assert_int_equal(judged(&machine), 1);
	says("sudo dmesg");
	machine.debugfs = false;
	assert_int_equal(judged(&machine), 1);
	says("sudo mount -t debugfs");
	machine.root = false;
	assert_int_equal(judged(&machine), 1);
	says("sudo pgtag status");
	assert_int_equal(judged(&profiled), 1);
	says("sudo pgtag status");
}

static void test_work(void **state)
{
	char dropped[] = "# Profiling: on\n# Degraded: dropped\nstate: on\ndegraded: dropped\n";
	struct machine machine = fine;
	struct machine profiled = { .profiled = true, .root = true, .off = true };

	(void)state;
	machine.status = dropped;
	assert_int_equal(judged(&machine), 1);
	assert_int_equal(judged(&profiled), 1);
	says("sudo pgtag on");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fine),
		cmocka_unit_test(test_loading),
		cmocka_unit_test(test_reading),
		cmocka_unit_test(test_work),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	free(said);
	return failed;
}
