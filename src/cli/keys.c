// SPDX-License-Identifier: GPL-2.0
/*
 * Values out of text that has "key: value" lines: meminfo, and the module's status.
 */
#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "pgtag.h"

/* The same key may be written with blanks, and in another version with lines. */
static bool same(char a, char b)
{
	a = a == '_' || a == '-' ? ' ' : a;
	b = b == '_' || b == '-' ? ' ' : b;
	return a == b;
}

/* Where the value begins on the line, NULL if it is another key's. */
static const char *value_on(const char *line, const char *key)
{
	line += strspn(line, " ");
	while (*key && same(*line, *key)) {
		line++;
		key++;
	}
	return *key || *line != ':' ? NULL : line + 1 + strspn(line + 1, " \t");
}

static const char *find(const char *text, const char *key)
{
	const char *value;

	for (; text; text = strchr(text, '\n')) {
		text += *text == '\n';
		value = value_on(text, key);
		if (value)
			return value;
	}
	return NULL;
}

/**
 * key_text - the value of a key
 * @text: lines, or NULL
 * @key: of the first line with it
 * @buffer: result, cut to fit
 * @size: its size
 *
 * Return: whether there is that key.
 */
bool key_text(const char *text, const char *key, char *buffer, size_t size)
{
	const char *value = find(text, key);
	size_t length;

	if (!value)
		return false;
	length = strcspn(value, "\n");
	if (length >= size)
		length = size - 1;
	memcpy(buffer, value, length);
	buffer[length] = '\0';
	return true;
}

/**
 * key_bytes - the value of a key that is a number
 * @text: lines, or NULL
 * @key: of the first line with it
 * @bytes: result, in bytes where the line says kB, and at most MOST_BYTES; not changed if
 *	there is none
 *
 * Return: whether there is one.
 */
bool key_bytes(const char *text, const char *key, unsigned long long *bytes)
{
	const char *value = find(text, key);
	char *end;
	unsigned long long number;

	if (!value || *value < '0' || *value > '9')
		return false;
	number = strtoull(value, &end, 10);
	if (!strncmp(end, " kB", 3) && __builtin_mul_overflow(number, 1024, &number))
		number = MOST_BYTES;
	*bytes = number < MOST_BYTES ? number : MOST_BYTES;
	return true;
}
