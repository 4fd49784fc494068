/* SPDX-License-Identifier: GPL-2.0 */
/* Values out of text that has "key: value" lines. */
#ifndef CLI_KEYS_H
#define CLI_KEYS_H

#include <stdbool.h>
#include <stddef.h>

bool key_text(const char *text, const char *key, char *buffer, size_t size);
bool key_bytes(const char *text, const char *key, unsigned long long *bytes);

#endif
