// SPDX-License-Identifier: GPL-2.0
/*
 * The grammar of the mem_profiling parameter, which is that of the kernel's
 * own boot parameter sysctl.vm.mem_profiling. Plain C, unit tested.
 */
#include <pgtag/mode.h>

static const struct {
	const char *text;
	struct pgtag_mode mode;
} modes[] = {
	{ "0",			{ PGTAG_OFF,	false } },
	{ "1",			{ PGTAG_ON,	false } },
	{ "never",		{ PGTAG_NEVER,	false } },
	{ "0,compressed",	{ PGTAG_OFF,	true } },
	{ "1,compressed",	{ PGTAG_ON,	true } },
	{ "never,compressed",	{ PGTAG_NEVER,	true } },
};

/**
 * pgtag_mode_parse - read the mem_profiling parameter
 * @mode: result, untouched on error
 * @text: the parameter's text
 *
 * Return: 0, or -EINVAL if @text is not in the grammar %PGTAG_MODE_GRAMMAR.
 */
int pgtag_mode_parse(struct pgtag_mode *mode, const char *text)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		if (!strcmp(modes[i].text, text)) {
			*mode = modes[i].mode;
			return 0;
		}
	}
	return -EINVAL;
}
