// SPDX-License-Identifier: GPL-2.0
/*
 * Of the functions that are at a call site, which one wants the memory? What ends in
 * _noprof only gets it for others. Before 6.10 nothing that the allocator's headers
 * inline was called so.
 */
#include <string.h>

#include <pgtag/names.h>

#include "frames.h"

static bool is_allocator(const struct frame *frame)
{
	return pgtag_name_is_api(frame->function) ||
	       !strcmp(frame->file, "include/linux/gfp.h") ||
	       !strcmp(frame->file, "include/linux/slab.h");
}

/**
 * frames_site - the function that wants the memory
 * @frames: at a call site
 *
 * Return: its frame, NULL if there are none.
 */
const struct frame *frames_site(const struct frames *frames)
{
	size_t i;

	for (i = 0; i + 1 < frames->nr; i++) {
		if (!is_allocator(&frames->frame[i]))
			break;
	}
	return frames->nr ? &frames->frame[i] : NULL;
}
