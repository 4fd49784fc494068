// SPDX-License-Identifier: GPL-2.0
/*
 * Source lines of call sites.
 */
#include "cmocka_tests.h"

#include <stdlib.h>

#include "../../src/lines.c"

static int parse(struct pgtag_line *line, const char *text)
{
	/* Exactly as long as it is, so that who reads beyond it is caught. */
	size_t length = strlen(text);
	char *copy = malloc(length ? length : 1);
	int ret;

	memcpy(copy, text, length);
	ret = pgtag_line_parse(line, copy, length);
	free(copy);
	return ret;
}

static void test_good(void **state)
{
	static const struct {
		const char *text, *module, *symbol, *file, *line, *function;
		u32 offset;
	} good[] = {
		{ "vmlinux a 0x1c mm/b.c 12 c", "", "a", "mm/b.c", "12", "c", 0x1c },
		{ "kvm\ta.isra.0\t28\t/x/y.c\t0\tc", "kvm", "a.isra.0", "/x/y.c", "0", "c", 28 },
		{ "vmlinux_2 a 0xDEADbeef f:1 99999999 [g]", "vmlinux_2", "a",
		  "f:1", "99999999", "[g]", 0xdeadbeef },
		{ "m a 0 \303\244.c 1 a", "m", "a", "\303\244.c", "1", "a", 0 },
	};
	struct pgtag_line line;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		print_message("# \"%s\"\n", good[i].text);
		assert_int_equal(pgtag_line_parse(&line, good[i].text,
						  strlen(good[i].text)), 0);
		assert_true(word_is(&line.site.module, good[i].module));
		assert_true(word_is(&line.site.symbol, good[i].symbol));
		assert_true(word_is(&line.file, good[i].file));
		assert_true(word_is(&line.line, good[i].line));
		assert_true(word_is(&line.function, good[i].function));
		assert_int_equal(line.site.offset, good[i].offset);
	}
}

static void test_bad(void **state)
{
	static const char * const bad[] = {
		"", " ", "vmlinux", "vmlinux a 0x1 b.c 1", "vmlinux a 0x1 b.c 1 ",
		"vmlinux a 0x1 b.c 1 c ", "vmlinux a 0x1 b.c 1 c d",
		" vmlinux a 0x1 b.c 1 c", "vmlinux  a 0x1 b.c 1 c",
		"vmlinux a  0x1 b.c 1 c", "vmlinux \ta 0x1 b.c 1 c",
		"vmlinux a 0x b.c 1 c", "vmlinux a 0x1g b.c 1 c",
		"vmlinux a 1f b.c 1 c", "vmlinux a -1 b.c 1 c",
		"vmlinux a +1 b.c 1 c", "vmlinux a 0X1 b.c 1 c",
		"vmlinux a 0x123456789 b.c 1 c", "vmlinux a 123456789 b.c 1 c",
		"vmlinux a 0x1 b.c 0x1 c", "vmlinux a 0x1 b.c x c",
		"vmlinux a 0x1 b.c 123456789 c", "vmlinux a 0x1 b.c 1 c\r",
		"vmlinux a 0x1 b\177.c 1 c", "vmlinux a 0x1 b.c 1 c\n",
		"vmlinux a 0x1 b\033.c 1 c",
	};
	struct pgtag_line line;
	char nul[] = "vmlinux a 0x1 b.c 1 c";
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		print_message("# \"%s\"\n", bad[i]);
		assert_int_equal(parse(&line, bad[i]), -EINVAL);
	}
	/* A NUL anywhere. */
	for (i = 0; i < sizeof(nul) - 1; i++) {
		char c = nul[i];

		nul[i] = '\0';
		assert_int_equal(pgtag_line_parse(&line, nul, sizeof(nul) - 1),
				 -EINVAL);
		nul[i] = c;
	}
}

static void test_length(void **state)
{
	char text[PGTAG_LINE_LENGTH + 2];
	struct pgtag_line line;

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "m a 0 f 1 ", 10);
	assert_int_equal(pgtag_line_parse(&line, text, PGTAG_LINE_LENGTH), 0);
	assert_int_equal(pgtag_line_parse(&line, text, PGTAG_LINE_LENGTH + 1),
			 -EINVAL);
}

static struct pgtag_lines *new_lines(u32 room)
{
	struct pgtag_lines *lines = calloc(1, sizeof(*lines));

	lines->room = room;
	lines->text = malloc(room);
	return lines;
}

static void free_lines(struct pgtag_lines *lines)
{
	free(lines->text);
	free(lines);
}

static int add(struct pgtag_lines *lines, const char *text)
{
	struct pgtag_line line;

	assert_int_equal(pgtag_line_parse(&line, text, strlen(text)), 0);
	return pgtag_lines_add(lines, &line);
}

static void applied(const struct pgtag_lines *lines, const char *text,
		    size_t size, const char *result)
{
	char *buffer = malloc(size);
	size_t length;

	print_message("# \"%s\"\n", text);
	memcpy(buffer, text, strlen(text) + 1);
	length = pgtag_lines_apply(lines, buffer, strlen(text), size);
	assert_string_equal(buffer, result);
	assert_int_equal(length, strlen(result));
	free(buffer);
}

static void test_apply(void **state)
{
	struct pgtag_lines *lines = new_lines(65536);

	(void)state;
	applied(lines, "a+0x1c func:a", 64, "a+0x1c func:a");
	assert_int_equal(add(lines, "vmlinux a 0x1c mm/b.c 12 inlined"), 0);
	assert_int_equal(add(lines, "m a 0x1c drivers/m.c 7 a"), 0);
	assert_int_equal(add(lines, "vmlinux a.isra.0 0 z.c 1 a"), 0);
	assert_int_equal(lines->nr, 3);
	applied(lines, "a+0x1c func:a", 64, "mm/b.c:12 func:inlined");
	applied(lines, "a+0x1c [m] func:a", 64, "drivers/m.c:7 [m] func:a");
	applied(lines, "a.isra.0+0 func:a", 64, "z.c:1 func:a");
	applied(lines, "a+0x1c func:a path:a+0x1c;b+0x2 [m]", 64,
		"mm/b.c:12 func:inlined path:a+0x1c;b+0x2 [m]");
	/* Others, and what is no site. */
	applied(lines, "a+0x1d func:a", 64, "a+0x1d func:a");
	applied(lines, "ab+0x1c func:ab", 64, "ab+0x1c func:ab");
	applied(lines, "a+0x1c [n] func:a", 64, "a+0x1c [n] func:a");
	applied(lines, "a+0x1c [mm] func:a", 64, "a+0x1c [mm] func:a");
	applied(lines, "a+0x1c", 64, "a+0x1c");
	applied(lines, "a+0x1c [m", 64, "a+0x1c [m");
	applied(lines, "a+ func:a", 64, "a+ func:a");
	applied(lines, "<unknown> func:<unknown>", 64, "<unknown> func:<unknown>");
	applied(lines, "", 64, "");
	/* What does not fit is left alone. */
	applied(lines, "a+0x1c func:a", 22, "a+0x1c func:a");
	applied(lines, "a+0x1c func:a", 23, "mm/b.c:12 func:inlined");
	/* The later one counts. */
	assert_int_equal(add(lines, "vmlinux a 28 mm/c.c 13 a"), 0);
	assert_int_equal(lines->nr, 3);
	applied(lines, "a+0x1c func:a", 64, "mm/c.c:13 func:a");
	free_lines(lines);
}

static void test_many(void **state)
{
	struct pgtag_lines *lines = new_lines(PGTAG_LINES_MOST * 64 +
					      PGTAG_LINE_LENGTH);
	char text[64], result[64];
	u32 i;

	(void)state;
	for (i = 0; i < PGTAG_LINES_MOST; i++) {
		snprintf(text, sizeof(text), "m s%u %u f%u.c %u g", i % 500, i, i, i);
		assert_true(pgtag_lines_fit(lines));
		assert_int_equal(add(lines, text), 0);
	}
	assert_int_equal(lines->nr, PGTAG_LINES_MOST);
	assert_int_equal(add(lines, "m one 1 too.c 1 many"), -ENOSPC);
	assert_int_equal(add(lines, "m s1 1 again.c 1 g"), 0);
	for (i = 2; i < PGTAG_LINES_MOST; i++) {
		snprintf(text, sizeof(text), "s%u+0x%x [m] func:s", i % 500, i);
		snprintf(result, sizeof(result), "f%u.c:%u [m] func:g", i, i);
		assert_int_equal(pgtag_lines_apply(lines, text, strlen(text),
						   sizeof(text)), strlen(result));
		assert_string_equal(text, result);
	}
	free_lines(lines);
}

/* The text has room for any record if it is said to. */
static void test_room(void **state)
{
	struct pgtag_lines *lines = new_lines(PGTAG_LINE_LENGTH);
	struct pgtag_line line;
	char text[PGTAG_LINE_LENGTH];

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "m a 0 f 1 ", 10);
	assert_int_equal(pgtag_line_parse(&line, text, sizeof(text)), 0);
	assert_true(pgtag_lines_fit(lines));
	assert_int_equal(pgtag_lines_add(lines, &line), 0);
	assert_false(pgtag_lines_fit(lines));
	free_lines(lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_apply),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
