// SPDX-License-Identifier: GPL-2.0
/*
 * The arithmetic of page->flags: where each part lies, which bits are spare
 * and which of them hold the index. Plain C, compiled by the unit tests too.
 * The order of the parts is that of include/linux/page-flags-layout.h.
 */
#include <pgtag/layout.h>

static const char * const part_names[PGTAG_NR_PARTS] = {
	[PGTAG_PART_SECTION]	 = "SECTION",
	[PGTAG_PART_NODE]	 = "NODE",
	[PGTAG_PART_ZONE]	 = "ZONE",
	[PGTAG_PART_LAST_CPUPID] = "LAST_CPUPID",
	[PGTAG_PART_KASAN_TAG]	 = "KASAN_TAG",
	[PGTAG_PART_LRU_GEN]	 = "LRU_GEN",
	[PGTAG_PART_LRU_REFS]	 = "LRU_REFS",
	[PGTAG_PART_UNUSED]	 = "unused",
	[PGTAG_PART_FLAGS]	 = "flags",
};

/**
 * pgtag_part_name - the kernel's name of a part of page->flags
 * @part: which
 */
const char *pgtag_part_name(enum pgtag_part part)
{
	return part_names[part];
}

/**
 * pgtag_layout_compute - lay the parts of page->flags out
 * @layout: result
 * @widths: what the kernel's configuration says
 *
 * Parts are packed downwards from the top bit and the flags upwards from
 * bit 0; what lies between them is unused. A part computed here can therefore
 * never overlap another one.
 *
 * Return: 0, or -EINVAL if the parts do not fit into the word.
 */
int pgtag_layout_compute(struct pgtag_layout *layout,
			 const struct pgtag_widths *widths)
{
	unsigned int top = widths->word;
	int i;

	for (i = 0; i < PGTAG_PART_UNUSED; i++) {
		if (widths->part[i] > top)
			return -EINVAL;
		top -= widths->part[i];
		layout->shift[i] = top;
		layout->width[i] = widths->part[i];
	}
	if (widths->part[PGTAG_PART_FLAGS] > top)
		return -EINVAL;
	layout->shift[PGTAG_PART_FLAGS] = 0;
	layout->width[PGTAG_PART_FLAGS] = widths->part[PGTAG_PART_FLAGS];
	layout->shift[PGTAG_PART_UNUSED] = widths->part[PGTAG_PART_FLAGS];
	layout->width[PGTAG_PART_UNUSED] = top - widths->part[PGTAG_PART_FLAGS];
	layout->unused_taken = widths->unused_taken;
	return 0;
}

/**
 * pgtag_field_least - how many indices a field must number, the mark among them
 * @asked: which bits were asked for
 */
unsigned long pgtag_field_least(enum pgtag_bits_of asked)
{
	return asked == PGTAG_BITS_OF_ANY ? PGTAG_MIN_INDICES :
					    (1UL << PGTAG_MIN_BITS) / 2;
}

static bool wide_enough(unsigned int width, enum pgtag_bits_of asked)
{
	return (1UL << width) / 2 >= pgtag_field_least(asked);
}

static void set_width(struct pgtag_field *field, unsigned int width)
{
	field->width = width;
	field->mask = (1UL << width) - 1;
	field->mark = (1UL << width) / 2;
	field->flip = pgtag_field_borrowed(field) ? field->mask : 0;
	field->bits = field->mask << field->shift;
	field->null = field->flip << field->shift;
	field->marked = field->mark << field->shift;
}

static void take(struct pgtag_field *field, const struct pgtag_layout *layout,
		 enum pgtag_part part)
{
	field->part = part;
	field->shift = layout->shift[part];
	set_width(field, layout->width[part]);
	/* A kernel without nodes may have more. */
	pgtag_field_narrow(field, PGTAG_MAX_BITS);
}

/**
 * pgtag_field_narrow - leave the upper bits of a field alone
 * @field: the field
 * @bits: use no more than these, 0 for all it has
 */
void pgtag_field_narrow(struct pgtag_field *field, unsigned int bits)
{
	if (bits && bits < field->width)
		set_width(field, bits);
}

/**
 * pgtag_field_choose - choose the bits that hold an index
 * @field: result, untouched on error
 * @layout: the kernel's layout
 * @asked: which bits were asked for
 * @balancing: NUMA balancing is on, so LAST_CPUPID is in use
 *
 * Unless others were asked for, the unused bits if there are enough of them, else
 * LAST_CPUPID while NUMA balancing lies dormant.
 *
 * Return: 0; -EBUSY if only NUMA balancing stands in the way; -ENOSPC if this
 * kernel has no such field for pgtag_field_least() indices.
 */
int pgtag_field_choose(struct pgtag_field *field,
		       const struct pgtag_layout *layout,
		       enum pgtag_bits_of asked, bool balancing)
{
	if (asked != PGTAG_BITS_OF_CPUPID && !layout->unused_taken &&
	    wide_enough(layout->width[PGTAG_PART_UNUSED], asked)) {
		take(field, layout, PGTAG_PART_UNUSED);
		return 0;
	}
	if (asked == PGTAG_BITS_OF_UNUSED ||
	    !wide_enough(layout->width[PGTAG_PART_LAST_CPUPID], asked))
		return -ENOSPC;
	if (balancing)
		return -EBUSY;
	take(field, layout, PGTAG_PART_LAST_CPUPID);
	return 0;
}
