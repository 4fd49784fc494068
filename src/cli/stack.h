/* SPDX-License-Identifier: GPL-2.0 */
/* A site and its callers, as programs that draw stacks want them. */
#ifndef CLI_STACK_H
#define CLI_STACK_H

#include <stddef.h>

#include "allocinfo.h"

/**
 * struct stack_frame - where a site is, or a caller
 * @module: its name, "" for the kernel itself
 * @location: "function+0xoffset" or "file:line"
 * @function: where it is
 */
struct stack_frame {
	const char *module;
	const char *location;
	const char *function;
};

/**
 * struct stack - a site and its callers
 * @frame: array of @nr, the site first
 * @nr: how many, 1 at least
 * @text: what they point into
 */
struct stack {
	struct stack_frame *frame;
	size_t nr;
	char *text;
};

struct stack stack_of(const struct site *site);
void stack_free(struct stack *stack);

#endif
