/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The mem_profiling parameter.
 */
#ifndef PGTAG_MODE_H
#define PGTAG_MODE_H

#include <pgtag/pure.h>

#define PGTAG_MODE_GRAMMAR "mem_profiling={0|1|never}[,compressed]"

enum pgtag_state {
	PGTAG_OFF,	/* loaded, nothing attached */
	PGTAG_ON,
	PGTAG_NEVER,	/* loaded, and stays off */
};

/**
 * struct pgtag_mode - what the user asked for
 * @state: profiling state at load
 * @compressed: insist on indices in page->flags
 */
struct pgtag_mode {
	enum pgtag_state state;
	bool compressed;
};

int pgtag_mode_parse(struct pgtag_mode *mode, const char *text);

#endif
