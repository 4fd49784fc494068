// SPDX-License-Identifier: GPL-2.0
/*
 * modclone FILE FIRST LAST: load the module pgtag_clone000 that is in FILE once
 * for each number from FIRST to LAST, which takes the place of the 000 in its name.
 *
 * The exit status is the errno of the call that failed, 0 if all are loaded.
 */
#define _GNU_SOURCE
#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NAME	"pgtag_clone000"
#define DIGITS	3

/* What a signed module ends with; the signature's size is the last word before. */
#define SIGNED		"~Module signature appended~\n"
#define SIGNATURE_INFO	12

static char image[1 << 20];

static size_t read_image(const char *path)
{
	FILE *file = fopen(path, "rb");
	size_t size = file ? fread(image, 1, sizeof(image), file) : 0;

	if (file)
		fclose(file);
	return size;
}

/* By another name its signature would be wrong, where none at all will do. */
static size_t without_signature(size_t size)
{
	const size_t end = strlen(SIGNED);
	uint32_t signature;

	if (size < end + SIGNATURE_INFO || memcmp(image + size - end, SIGNED, end))
		return size;
	size -= end;
	memcpy(&signature, image + size - sizeof(signature), sizeof(signature));
	return size - SIGNATURE_INFO - be32toh(signature);
}

/* All but the digits stay what they are, so this can be done again. */
static void rename_image(size_t size, unsigned int number)
{
	const size_t base = strlen(NAME) - DIGITS;
	char *at = image;
	char digits[DIGITS + 1];

	snprintf(digits, sizeof(digits), "%03u", number % 1000);
	while ((at = memmem(at, image + size - at, NAME, base))) {
		at += base;
		if (at + DIGITS <= image + size && *at >= '0' && *at <= '9')
			memcpy(at, digits, DIGITS);
	}
}

int main(int argc, char **argv)
{
	size_t size;
	int i, last;

	if (argc != 4) {
		fprintf(stderr, "usage: modclone FILE FIRST LAST\n");
		return 255;
	}
	size = without_signature(read_image(argv[1]));
	last = atoi(argv[3]);
	for (i = atoi(argv[2]); i <= last; i++) {
		rename_image(size, i);
		if (syscall(SYS_init_module, image, size, "")) {
			fprintf(stderr, "%s %d: %s\n", argv[1], i, strerror(errno));
			return errno;
		}
	}
	return 0;
}
