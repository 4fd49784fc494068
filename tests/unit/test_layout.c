// SPDX-License-Identifier: GPL-2.0
/*
 * The layout of page->flags and the choice of the field, over the
 * configurations of real kernels, and the index codec.
 */
#include "cmocka_tests.h"

#include "../../src/layout.c"

/* section, node, zone, cpupid, KASAN tag, LRU gen, LRU refs, unused, flags */
#define WIDTHS(s, n, z, c, k, g, r, f) \
	.widths = { .word = 64, .part = { s, n, z, c, k, g, r, 0, f } }

static const struct kernel {
	const char *name;
	struct pgtag_widths widths;
	unsigned int unused;		/* expected width */
	int off, on;			/* expected choice, balancing off/on */
	enum pgtag_part part;		/* expected field when off */
	unsigned int shift, width;
} kernels[] = {
	{
		/* 6.1 has MEMORY_FAILURE and its flag, but not for clouds */
		"Debian 6.1 cloud-amd64 and 6.12 amd64",
		WIDTHS(0, 10, 3, 21, 0, 3, 2, 24),
		1, 0, -EBUSY, PGTAG_PART_LAST_CPUPID, 30, 21,
	}, {
		"Debian 6.1, 7.2 and 7.3 amd64",
		WIDTHS(0, 10, 3, 21, 0, 3, 2, 25),
		0, 0, -EBUSY, PGTAG_PART_LAST_CPUPID, 30, 21,
	}, {
		"Debian 6.1 arm64", WIDTHS(0, 4, 2, 16, 0, 3, 2, 24),
		13, 0, 0, PGTAG_PART_UNUSED, 24, 13,
	}, {
		/* ten unused bits are too few, the 17 of cpupid are not */
		"Debian 6.12 arm64", WIDTHS(0, 4, 3, 17, 0, 3, 2, 25),
		10, 0, -EBUSY, PGTAG_PART_LAST_CPUPID, 40, 17,
	}, {
		"Debian 7.2 and 7.3 arm64", WIDTHS(0, 4, 3, 17, 0, 3, 2, 26),
		9, 0, -EBUSY, PGTAG_PART_LAST_CPUPID, 40, 17,
	}, {
		/* LRU refs would have two bits, but there is one left */
		"Ubuntu 24.04 (6.8) amd64",
		WIDTHS(0, 10, 3, 21, 0, 3, 1, 26),
		0, 0, -EBUSY, PGTAG_PART_LAST_CPUPID, 30, 21,
	}, {
		"Ubuntu 24.04 (6.8) arm64",
		WIDTHS(0, 6, 3, 17, 0, 3, 2, 27),
		6, 0, -EBUSY, PGTAG_PART_LAST_CPUPID, 38, 17,
	}, {
		"Ubuntu (6.15 to 6.17) amd64",
		WIDTHS(0, 10, 3, 21, 0, 3, 2, 25),
		0, 0, -EBUSY, PGTAG_PART_LAST_CPUPID, 30, 21,
	}, {
		"Ubuntu (6.15 to 6.17) arm64",
		WIDTHS(0, 6, 3, 17, 0, 3, 2, 26),
		7, 0, -EBUSY, PGTAG_PART_LAST_CPUPID, 38, 17,
	}, {
		/* RHEL's as configured in CentOS Stream, with upstream's flags */
		"Fedora (6.13) and RHEL 10 (6.12) x86_64",
		WIDTHS(0, 10, 3, 21, 0, 3, 2, 24),
		1, 0, -EBUSY, PGTAG_PART_LAST_CPUPID, 30, 21,
	}, {
		"Fedora (6.13) and RHEL 10 (6.12) aarch64",
		WIDTHS(0, 9, 3, 20, 0, 3, 2, 25),
		2, 0, -EBUSY, PGTAG_PART_LAST_CPUPID, 32, 20,
	}, {
		/* Amazon Linux 2023's kernels, in Bottlerocket's configuration */
		"Bottlerocket 6.1 x86_64",
		WIDTHS(0, 10, 3, 21, 0, 3, 2, 25),
		0, 0, -EBUSY, PGTAG_PART_LAST_CPUPID, 30, 21,
	}, {
		"Bottlerocket 6.1 aarch64",
		WIDTHS(0, 2, 3, 20, 0, 3, 2, 24),
		10, 0, -EBUSY, PGTAG_PART_LAST_CPUPID, 39, 20,
	}, {
		"Bottlerocket 6.12 x86_64",
		WIDTHS(0, 10, 3, 21, 0, 3, 2, 22),
		3, 0, -EBUSY, PGTAG_PART_LAST_CPUPID, 30, 21,
	}, {
		"Bottlerocket 6.12 aarch64",
		WIDTHS(0, 6, 3, 20, 0, 3, 2, 23),
		7, 0, -EBUSY, PGTAG_PART_LAST_CPUPID, 35, 20,
	}, {
		/*
		 * One node, no NUMA balancing, hardware KASAN tags, and four flags
		 * more than upstream, for vendors.
		 */
		"Android GKI 6.1 arm64", WIDTHS(0, 0, 2, 0, 8, 3, 2, 30),
		19, 0, 0, PGTAG_PART_UNUSED, 30, 19,
	}, {
		"Android GKI 6.12 arm64", WIDTHS(0, 0, 2, 0, 8, 3, 2, 28),
		21, 0, 0, PGTAG_PART_UNUSED, 28, 21,
	}, {
		"arm64 with KASAN tags and NUMA", WIDTHS(0, 4, 3, 17, 8, 3, 2, 25),
		2, 0, -EBUSY, PGTAG_PART_LAST_CPUPID, 40, 17,
	}, {
		"amd64 without NUMA balancing", WIDTHS(0, 10, 3, 0, 0, 3, 2, 24),
		22, 0, 0, PGTAG_PART_UNUSED, 24, 22,
	}, {
		/* an index has 32 bits, its mark included */
		"amd64 without nodes (7.3)", WIDTHS(0, 0, 3, 0, 0, 3, 2, 23),
		33, 0, 0, PGTAG_PART_UNUSED, 23, 32,
	}, {
		/* classic sparse: the section number lies in the flags */
		"classic sparse sections", WIDTHS(19, 6, 2, 0, 0, 3, 2, 23),
		9, -ENOSPC, -ENOSPC, 0, 0, 0,
	}, {
		"classic sparse with cpupid", WIDTHS(16, 4, 2, 15, 0, 0, 0, 23),
		4, 0, -EBUSY, PGTAG_PART_LAST_CPUPID, 27, 15,
	}, {
		/* LAST_CPUPID_NOT_IN_PAGE_FLAGS: nothing there to borrow */
		"cpupid outside the flags", WIDTHS(19, 10, 3, 0, 0, 3, 0, 25),
		4, -ENOSPC, -ENOSPC, 0, 0, 0,
	}, {
		"exactly the minimum", WIDTHS(16, 6, 2, 0, 0, 3, 2, 23),
		12, 0, 0, PGTAG_PART_UNUSED, 23, 12,
	}, {
		"one bit less than the minimum", WIDTHS(17, 6, 2, 0, 0, 3, 2, 23),
		11, -ENOSPC, -ENOSPC, 0, 0, 0,
	},
};

static void place(const struct kernel *kernel, struct pgtag_layout *layout)
{
	assert_int_equal(pgtag_layout_compute(layout, &kernel->widths), 0);
}

static void test_unused_bits(void **state)
{
	struct pgtag_layout layout;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(kernels); i++) {
		print_message("# %s\n", kernels[i].name);
		place(&kernels[i], &layout);
		assert_int_equal(layout.width[PGTAG_PART_UNUSED],
				 kernels[i].unused);
	}
}

static void test_parts_tile_the_word(void **state)
{
	struct pgtag_layout layout;
	unsigned long seen;
	size_t i, p;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(kernels); i++) {
		place(&kernels[i], &layout);
		seen = 0;
		for (p = 0; p < PGTAG_NR_PARTS; p++) {
			unsigned long mask = layout.width[p] ?
				(~0UL >> (64 - layout.width[p])) <<
				layout.shift[p] : 0;

			assert_int_equal(seen & mask, 0);
			seen |= mask;
		}
		assert_int_equal(seen, ~0UL);
	}
}

static int choose(struct pgtag_field *field, const struct pgtag_layout *layout,
		  bool balancing)
{
	return pgtag_field_choose(field, layout, PGTAG_BITS_OF_ANY, balancing);
}

static void check_choice(const struct kernel *kernel, bool balancing, int want)
{
	struct pgtag_field field = { .width = 77 };
	struct pgtag_layout layout;

	place(kernel, &layout);
	assert_int_equal(choose(&field, &layout, balancing), want);
	if (want) {
		assert_int_equal(field.width, 77);
		return;
	}
	assert_int_equal(field.part, kernel->part);
	assert_int_equal(field.shift, kernel->shift);
	assert_int_equal(field.width, kernel->width);
	assert_int_equal(field.mask, (1UL << kernel->width) - 1);
}

static void test_choice(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(kernels); i++) {
		print_message("# %s\n", kernels[i].name);
		check_choice(&kernels[i], false, kernels[i].off);
		check_choice(&kernels[i], true, kernels[i].on);
	}
}

/* Who asks for a field gets that one or none, from so few bits on. */
static void test_asked(void **state)
{
	struct pgtag_layout layout;
	struct pgtag_field field;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(kernels); i++) {
		unsigned int cpupid = kernels[i].widths.part[PGTAG_PART_LAST_CPUPID];
		bool unused = kernels[i].unused >= PGTAG_MIN_BITS;

		print_message("# %s\n", kernels[i].name);
		place(&kernels[i], &layout);
		assert_int_equal(pgtag_field_choose(&field, &layout,
						    PGTAG_BITS_OF_UNUSED, true),
				 unused ? 0 : -ENOSPC);
		if (unused) {
			assert_int_equal(field.part, PGTAG_PART_UNUSED);
			assert_int_equal(field.width, kernels[i].unused > 32 ?
						      32 : kernels[i].unused);
		}
		assert_int_equal(pgtag_field_choose(&field, &layout,
						    PGTAG_BITS_OF_CPUPID, true),
				 cpupid ? -EBUSY : -ENOSPC);
		assert_int_equal(pgtag_field_choose(&field, &layout,
						    PGTAG_BITS_OF_CPUPID, false),
				 cpupid ? 0 : -ENOSPC);
		if (cpupid) {
			assert_int_equal(field.part, PGTAG_PART_LAST_CPUPID);
			assert_int_equal(field.width, cpupid);
		}
	}
}

static void test_unused_bits_taken(void **state)
{
	struct pgtag_widths widths = {
		.word = 64, .part = { 0, 10, 3, 0, 0, 3, 2, 0, 24 },
		.unused_taken = true,
	};
	struct pgtag_layout layout;
	struct pgtag_field field;

	(void)state;
	assert_int_equal(pgtag_layout_compute(&layout, &widths), 0);
	assert_int_equal(choose(&field, &layout, false), -ENOSPC);
}

static void test_too_wide(void **state)
{
	struct pgtag_widths widths = kernels[0].widths;
	struct pgtag_layout layout;

	(void)state;
	widths.part[PGTAG_PART_FLAGS] += 2;
	assert_int_equal(pgtag_layout_compute(&layout, &widths), -EINVAL);
	widths.part[PGTAG_PART_SECTION] = 65;
	assert_int_equal(pgtag_layout_compute(&layout, &widths), -EINVAL);
}

/* Any index in any field, over any other content of the word. */
static void test_codec(void **state)
{
	static const unsigned long words[] = {
		0, ~0UL, 0x5555555555555555, 0xfedcba9876543210
	};
	struct pgtag_layout layout;
	struct pgtag_field field;
	size_t i, w;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(kernels); i++) {
		unsigned long bits, from, to;

		if (kernels[i].off)
			continue;
		place(&kernels[i], &layout);
		choose(&field, &layout, false);
		bits = field.mask << field.shift;
		to = 0x15a5a5 & field.mask;
		for (w = 0; w < ARRAY_SIZE(words); w++) {
			unsigned long word = words[w];

			from = pgtag_field_get(&field, word);
			assert_int_equal(pgtag_field_code(&field, from),
					 word & bits);
			assert_int_equal(pgtag_field_code(&field, to) & ~bits, 0);
			word ^= (word ^ pgtag_field_code(&field, to)) & bits;
			assert_int_equal(pgtag_field_get(&field, word), to);
			assert_int_equal(word & ~bits, words[w] & ~bits);
			assert_int_equal(!((word ^ field.null) & field.marked),
					 !(to & field.mark));
			/* As an index is taken away. */
			word ^= to << field.shift;
			assert_int_equal(word & bits, field.null);
		}
	}
}

/* A narrower field leaves its upper bits alone, and idle still reads NULL. */
static void test_narrow(void **state)
{
	struct pgtag_layout layout;
	struct pgtag_field field;
	unsigned long word = ~0UL;

	(void)state;
	place(&kernels[0], &layout);
	choose(&field, &layout, false);
	pgtag_field_narrow(&field, 0);
	assert_int_equal(field.width, 21);
	pgtag_field_narrow(&field, 32);
	assert_int_equal(field.width, 21);
	pgtag_field_narrow(&field, 6);
	assert_int_equal(field.width, 6);
	assert_int_equal(field.mask, 63);
	assert_int_equal(field.bits, 63UL << 30);
	assert_int_equal(pgtag_field_get(&field, word), CODETAG_ID_NULL);
	word ^= field.null ^ pgtag_field_code(&field, 63);
	assert_int_equal(pgtag_field_get(&field, word), 63);
	assert_int_equal(word | 63UL << 30, ~0UL);
}

/* What the kernel leaves in the field when nobody uses it reads NULL. */
static void test_idle_field_is_null(void **state)
{
	struct pgtag_layout layout;
	struct pgtag_field field;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(kernels); i++) {
		if (kernels[i].off)
			continue;
		place(&kernels[i], &layout);
		choose(&field, &layout, false);
		assert_int_equal(pgtag_field_get(&field,
				 pgtag_field_borrowed(&field) ? ~0UL : 0),
				 CODETAG_ID_NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unused_bits),
		cmocka_unit_test(test_parts_tile_the_word),
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_asked),
		cmocka_unit_test(test_unused_bits_taken),
		cmocka_unit_test(test_too_wide),
		cmocka_unit_test(test_codec),
		cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_idle_field_is_null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
