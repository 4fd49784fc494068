// SPDX-License-Identifier: GPL-2.0
/*
 * Recordings: what is written is read again, also from a disk that became full.
 */
#include "../unit/cmocka_tests.h"

#include <signal.h>
#include <sys/resource.h>

#include "../../src/cli/recording.c"

#define SITES	"allocinfo - version: 2.0\n#     <size>  <calls> <tag info>\n"

static char file[32];

static int new_file(void)
{
	snprintf(file, sizeof(file), "/tmp/test_recording.XXXXXX");
	return mkstemp(file);
}

static struct snapshot some(unsigned long long time)
{
	return (struct snapshot){
		.release = "6.1.0-1-test", .boot = "b", .build_id = "0123",
		.modules = "m 4567\nn none\n", .meminfo = "MemTotal: 1 kB\n",
		.status = "", .allocinfo = SITES, .length = strlen(SITES),
		.time = time, .waiting = 4096, .drops = 3,
	};
}

/* How many there are, with the times 1, 2, ...; ends with @code. */
static unsigned int count(int code)
{
	struct recording recording;
	struct snapshot got;
	unsigned int nr = 0;
	int ret;

	assert_int_equal(recording_open(&recording, file), EXIT_OK);
	while ((ret = recording_next(&recording, &got)) == EXIT_OK) {
		assert_int_equal(got.time, ++nr);
		assert_string_equal(got.release, "6.1.0-1-test");
		assert_string_equal(got.modules, "m 4567\nn none\n");
		assert_string_equal(got.status, "");
		assert_string_equal(got.allocinfo, SITES);
		assert_int_equal(got.length, strlen(SITES));
		assert_int_equal(got.waiting, 4096);
		assert_int_equal(got.drops, 3);
		snapshot_free(&got);
	}
	assert_int_equal(ret, code);
	recording_close(&recording);
	return nr;
}

static void append(int fd, unsigned long long time, int code)
{
	struct snapshot snapshot = some(time);

	assert_int_equal(recording_append(fd, file, &snapshot), code);
}

static void test_again(void **state)
{
	int fd = new_file();

	(void)state;
	append(fd, 1, EXIT_OK);
	append(fd, 2, EXIT_OK);
	append(fd, 3, EXIT_OK);
	assert_int_equal(count(EXIT_NO), 3);
	close(fd);
	unlink(file);
}

/* Wherever a kill cuts it, what was whole is read. */
static void test_cut(void **state)
{
	int fd = new_file();
	off_t one, two;

	(void)state;
	append(fd, 1, EXIT_OK);
	one = lseek(fd, 0, SEEK_END);
	append(fd, 2, EXIT_OK);
	two = lseek(fd, 0, SEEK_END);
	/* Of the last eight bytes, a checksum, none is text. */
	assert_int_equal(ftruncate(fd, two - 4), 0);
	assert_int_equal(count(EXIT_NO), 2);
	for (two -= 9; two > one; two -= 3) {
		assert_int_equal(ftruncate(fd, two), 0);
		assert_in_range(count(EXIT_NO), 1, 2);
	}
	assert_int_equal(ftruncate(fd, one), 0);
	assert_int_equal(count(EXIT_NO), 1);
	close(fd);
	unlink(file);
}

static void test_full(void **state)
{
	struct rlimit limit, old;
	int fd = new_file();
	off_t size;

	(void)state;
	append(fd, 1, EXIT_OK);
	size = lseek(fd, 0, SEEK_END);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	limit = old;
	limit.rlim_cur = size + size / 2;
	setrlimit(RLIMIT_FSIZE, &limit);
	append(fd, 2, EXIT_OUTPUT);
	assert_int_equal(lseek(fd, 0, SEEK_END), size);
	/* And when there is room again. */
	setrlimit(RLIMIT_FSIZE, &old);
	append(fd, 2, EXIT_OK);
	assert_int_equal(count(EXIT_NO), 2);
	close(fd);
	unlink(file);
}

static void put_bytes(int fd, const char *text)
{
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

static void test_refused(void **state)
{
	static const char * const bad[] = {
		FRAME "2.0\nend 0\n",
		FRAME "0.1\nend 0\n",
		FRAME "x\n",
		FRAME "1.0\nend 0\n",
		FRAME "1.0\ntime\n",
		FRAME "1.0\ntime -1\n1\n",
		FRAME "1.0\ntime 999999999999\n1\n",
		FRAME "1.0\ntime 3\n1 2\nallocinfo 1\n\n\nend 0\n",
		FRAME "1.0\ntime 20\n99999999999999999999\nallocinfo 1\n\n\nend 0\n",
		FRAME "1.0\nwaiting 19\n9223372036854775807\nallocinfo 1\n\n\nend 0\n",
		FRAME "1.0\nrelease 4\n6\x1b[m\nallocinfo 1\n\n\nend 0\n",
		FRAME "1.0\nrelease 4\n6\xc2\x9bm\nallocinfo 1\n\n\nend 0\n",
		FRAME "1.0\nstatus 2\n#\x9b\nallocinfo 1\n\n\nend 0\n",
		FRAME "1.0\nallocinfo 3\nabc\n",
		FRAME "1.0\nallocinfo 30\nabc\nend 0\n",
		FRAME "1.0\nallocinfo 3\nabc\nend 0\nrubbish\n",
	};
	size_t i;
	int fd;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct recording recording;
		struct snapshot got;
		int ret;

		print_message("# bad text %zu\n", i);
		fd = new_file();
		put_bytes(fd, bad[i]);
		assert_int_equal(recording_open(&recording, file), EXIT_OK);
		while ((ret = recording_next(&recording, &got)) == EXIT_OK)
			snapshot_free(&got);
		assert_int_equal(ret, EXIT_INPUT);
		recording_close(&recording);
		close(fd);
		unlink(file);
	}
}

/* Of a later version, with keys that are not known. */
static void test_unknown(void **state)
{
	struct recording recording;
	struct snapshot got;
	int fd = new_file();

	(void)state;
	put_bytes(fd, FRAME "1.7\nnews 3\nabc\nallocinfo 1\n\n\ntime 1\n7\nend 0\n");
	assert_int_equal(recording_open(&recording, file), EXIT_OK);
	assert_int_equal(recording_next(&recording, &got), EXIT_OK);
	assert_int_equal(got.time, 7);
	assert_string_equal(got.allocinfo, "\n");
	assert_null(got.meminfo);
	snapshot_free(&got);
	assert_int_equal(recording_next(&recording, &got), EXIT_NO);
	recording_close(&recording);
	close(fd);
	unlink(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
