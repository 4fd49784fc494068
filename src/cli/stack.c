// SPDX-License-Identifier: GPL-2.0
/*
 * The path of a site, frame by frame: "caller+0x1;its_caller+0x2 [module];...".
 */
#include <stdlib.h>
#include <string.h>

#include "pgtag.h"
#include "stack.h"

static void add_frame(struct stack *stack, const char *module, const char *location,
		      const char *function)
{
	stack->frame = xrealloc(stack->frame, stack->nr + 1, sizeof(*stack->frame));
	stack->frame[stack->nr++] = (struct stack_frame){
		.module = module, .location = location, .function = function,
	};
}

/* Takes what is in brackets away from a frame. */
static const char *take_module(char *frame)
{
	char *module = strstr(frame, " [");
	size_t length;

	if (!module)
		return "";
	*module = '\0';
	module += 2;
	length = strlen(module);
	if (length && module[length - 1] == ']')
		module[length - 1] = '\0';
	return module;
}

/**
 * stack_of - take a site's path apart
 * @site: stays the caller's, and must stay as long as what is returned
 *
 * Return: its frames, to be freed.
 */
struct stack stack_of(const struct site *site)
{
	size_t length = strlen(site->path) + 1;
	/* Once for locations, once for functions. */
	struct stack stack = { .text = xrealloc(NULL, 2 * length, 1) };
	char *location, *function, *rest;

	add_frame(&stack, site->module, site->location, site->function);
	memcpy(stack.text, site->path, length);
	memcpy(stack.text + length, site->path, length);
	for (location = strtok_r(stack.text, ";", &rest); location;
	     location = strtok_r(NULL, ";", &rest)) {
		const char *module = take_module(location);

		function = location + length;
		function[strcspn(function, "+;")] = '\0';
		add_frame(&stack, module, location, function);
	}
	return stack;
}

/**
 * stack_free - forget them
 * @stack: from stack_of()
 */
void stack_free(struct stack *stack)
{
	free(stack->frame);
	free(stack->text);
}
