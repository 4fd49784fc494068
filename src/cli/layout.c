// SPDX-License-Identifier: GPL-2.0
/*
 * pgtag layout: the word page->flags of this kernel as a bar with labels.
 */
#include <string.h>

#include "allocinfo.h"
#include "commands.h"

#define BITS	64

struct part {
	char name[16];
	char user[120];
	unsigned int low, high;
};

/* A line a part: "NAME LOW-HIGH WIDTH USED BY"; those without bits have no LOW. */
static size_t take_parts(char *text, struct part *parts)
{
	struct part part;
	size_t nr = 0;
	char *line;

	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		if (sscanf(line, "%15s %2u-%2u %*u %119[^\n]", part.name,
			   &part.low, &part.high, part.user) == 4 &&
		    part.low <= part.high && part.high < BITS && nr < BITS)
			parts[nr++] = part;
	}
	return nr;
}

/* The letter of the part that has this bit. */
static char letter(const struct part *parts, size_t nr, unsigned int bit)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (bit >= parts[i].low && bit <= parts[i].high)
			return 'A' + i % 26;
	}
	return '?';
}

static void show_bar(const struct part *parts, size_t nr)
{
	int bit;

	printf("63              47              31              15             0\n");
	for (bit = BITS - 1; bit >= 0; bit--)
		putchar(letter(parts, nr, bit));
	printf("\n\n");
}

static int show(char *text)
{
	struct part parts[BITS];
	size_t i, nr = take_parts(text, parts);

	if (!nr) {
		complain("no parts in it: is that the module's file layout?");
		return EXIT_INPUT;
	}
	show_bar(parts, nr);
	for (i = 0; i < nr; i++)
		printf("%c  %-12s %2u bits, %2u to %2u: %s\n", (char)('A' + i % 26),
		       parts[i].name, parts[i].high - parts[i].low + 1,
		       parts[i].low, parts[i].high, parts[i].user);
	return EXIT_OK;
}

static int run(int argc, char **argv)
{
	return run_on_module_file(&command_layout, argc, argv, show);
}

const struct command command_layout = {
	.name = "layout",
	.summary = "the bits of page->flags, and whose they are",
	.usage = "usage: pgtag layout [-i FILE]\n\n"
		 "  -i, --input=FILE  a copy of the module's file layout, - for stdin\n\n"
		 "example: pgtag layout\n",
	.run = run,
};
