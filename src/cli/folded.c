// SPDX-License-Identifier: GPL-2.0
/*
 * The folded form of stacks, that flamegraph.pl made: "outermost;...;site bytes".
 */
#include <string.h>

#include "export.h"
#include "stack.h"

/* What parts frames, and what begins the number, are not in names. */
static void print_name(FILE *file, const char *name)
{
	for (; *name; name++)
		putc(*name == ';' || *name == ' ' ? '_' : *name, file);
}

static void print_function(FILE *file, const char *module, const char *function)
{
	print_name(file, function);
	if (*module) {
		fputs("_[", file);
		print_name(file, module);
		putc(']', file);
	}
}

/* Outwards is backwards here, also for what is inlined. */
static void print_frame(FILE *file, const struct origins *origins,
			const struct stack_frame *frame)
{
	const struct place *place = origins_of(origins, frame->module, frame->location);
	const struct frame *site = place ? frames_site(&place->frames) : NULL;
	const struct frame *at;

	if (!site) {
		print_function(file, frame->module, frame->function);
		return;
	}
	for (at = place->frames.frame + place->frames.nr; at-- > site;) {
		print_function(file, frame->module, at->function);
		if (at > site)
			putc(';', file);
	}
}

static void print_site(FILE *file, const struct origins *origins,
		       const struct site *site)
{
	struct stack stack = stack_of(site);
	size_t i;

	for (i = stack.nr; i-- > 0;) {
		print_frame(file, origins, &stack.frame[i]);
		if (i)
			putc(';', file);
	}
	fprintf(file, " %lld\n", site->bytes);
	stack_free(&stack);
}

/**
 * export_folded - write stacks, a line each
 * @file: where to
 * @export: what
 *
 * Objects lie in pages of other sites, and are left out.
 */
void export_folded(FILE *file, const struct export *export)
{
	size_t i;

	for (i = 0; i < export->info.nr; i++) {
		const struct site *site = &export->info.sites[i];

		if (site->bytes > 0 && !site_has_objects(site))
			print_site(file, &export->origins, site);
	}
}
