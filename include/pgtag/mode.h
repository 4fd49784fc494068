/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The module's parameters.
 */
#ifndef PGTAG_MODE_H
#define PGTAG_MODE_H

#include <pgtag/layout.h>
#include <pgtag/pure.h>

#define PGTAG_MODE_GRAMMAR	"mem_profiling={0|1|never}[,compressed]"
#define PGTAG_STORAGE_GRAMMAR	"storage={auto|flags|table}"
#define PGTAG_OVERFLOW_GRAMMAR	"overflow={disable|share}"
#define PGTAG_ATTACH_GRAMMAR	"attach={events|functions}"
#define PGTAG_DEPTH_GRAMMAR	"depth={1..8}"
#define PGTAG_BITS_GRAMMAR	"bits={0|4..32}, 0 for all there are"
#define PGTAG_FIELD_GRAMMAR	"field={auto|unused|cpupid}"
#define PGTAG_SLAB_GRAMMAR	"slab={pages|callers|objects}"
#define PGTAG_TOTALS_GRAMMAR	"totals={off|on}"

#define PGTAG_MAX_DEPTH	8

enum pgtag_state {
	PGTAG_OFF,	/* loaded, nothing attached */
	PGTAG_ON,
	PGTAG_NEVER,	/* loaded, and stays off */
};

/* Where the indices of pages are to be kept. */
enum pgtag_store {
	PGTAG_AUTO,	/* in page->flags if they fit, else in a table */
	PGTAG_FLAGS,
	PGTAG_TABLE,
};

/* What to do about a site for which there is no index. */
enum pgtag_overflow {
	PGTAG_DISABLE,	/* end profiling */
	PGTAG_SHARE,	/* one tag for it and all later ones */
};

/* How allocations are seen. */
enum pgtag_attach {
	PGTAG_ATTACH_EVENTS,	/* trace events, callers by what was learned */
	PGTAG_ATTACH_FUNCTIONS,	/* exits of functions, callers by the unwinder */
};

/* Whose the pages of slabs are. */
enum pgtag_slab {
	PGTAG_SLAB_PAGES,	/* the slab allocator's */
	PGTAG_SLAB_CALLERS,	/* whoever made the slab grow */
	PGTAG_SLAB_OBJECTS,	/* the slab allocator's, and each object its caller's */
};

/**
 * struct pgtag_mode - what the user asked for
 * @state: profiling state at load
 * @store: where to keep the indices
 * @overflow: what to do when they run out
 * @attach: how to see allocations
 * @slab: whose the pages of slabs are
 * @field: which bits of page->flags to take
 * @totals: count what is allocated in all, too
 * @bits: use no more bits of an index than these, 0 for all
 * @depth: frames of a call path
 */
struct pgtag_mode {
	enum pgtag_state state;
	enum pgtag_store store;
	enum pgtag_overflow overflow;
	enum pgtag_attach attach;
	enum pgtag_slab slab;
	enum pgtag_bits_of field;
	bool totals;
	unsigned int bits;
	unsigned int depth;
};

int pgtag_mode_parse(struct pgtag_mode *mode, const char *profiling);
int pgtag_mode_parse_storage(struct pgtag_mode *mode, const char *storage);
int pgtag_mode_parse_overflow(struct pgtag_mode *mode, const char *overflow);
int pgtag_mode_parse_attach(struct pgtag_mode *mode, const char *attach);
int pgtag_mode_parse_depth(struct pgtag_mode *mode, const char *depth);
int pgtag_mode_parse_bits(struct pgtag_mode *mode, const char *bits);
int pgtag_mode_parse_field(struct pgtag_mode *mode, const char *field);
int pgtag_mode_parse_slab(struct pgtag_mode *mode, const char *slab);
int pgtag_mode_parse_totals(struct pgtag_mode *mode, const char *totals);
const char *pgtag_slab_name(enum pgtag_slab slab);

#endif
