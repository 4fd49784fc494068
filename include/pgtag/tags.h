/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tags: one call site or call path each, and its name.
 */
#ifndef PGTAG_TAGS_H
#define PGTAG_TAGS_H

#include <linux/llist.h>
#include <linux/mutex.h>

#include <pgtag/counters.h>
#include <pgtag/mode.h>

/*
 * More sites than any kernel shows. Memory is taken as they appear; what this
 * bounds is one pointer a tag.
 */
#define PGTAG_MAX_TAGS		16384U
/* With paths there are more. */
#define PGTAG_MAX_PATHS		190000U

/*
 * With fewer tags left than this, or nodes (nodes.h), a worker is sent for more: what
 * is seen first until it comes must find one. Of paths that is many more than of sites.
 */
#define PGTAG_SITES_STOCK	512U
#define PGTAG_PATHS_STOCK	2048U

/**
 * struct pgtag - a call site, or with depth above 1 the end of a call path
 * @ip: its return address, 0 once the code there is gone
 * @parent: the tag one frame further down the path; for a site where the walk began,
 *	PGTAG_STATE_PAGES or PGTAG_STATE_OBJECTS
 * @index: its own
 * @name: the printed path, kept from before some of its code went; else NULL
 * @spare: while the index waits to be used again
 */
struct pgtag {
	unsigned long ip;
	u32 parent;
	u32 index;
	const char *name;
	struct llist_node spare;
};

/* Where a walk stands inside the allocator API: that of pages, or of slab objects. */
#define PGTAG_STATE_PAGES	CODETAG_ID_NULL
#define PGTAG_STATE_OBJECTS	CODETAG_ID_EMPTY
#define PGTAG_STATES		CODETAG_ID_FIRST

/* By index, in blocks; read them through the functions below. */
extern struct pgtag *pgtag_tag_blocks[];

static inline struct pgtag *pgtag_tag_at(u32 index)
{
	return &pgtag_tag_blocks[index / PGTAG_BLOCK][index % PGTAG_BLOCK];
}

extern struct mutex pgtag_reclaimers;

int pgtag_tags_init(u32 most, u32 states, const struct pgtag_mode *mode,
		    void (*full)(void));
void pgtag_tags_exit(void);
u32 pgtag_tag_new(unsigned long ip, u32 parent);
unsigned int pgtag_tag_depth(u32 index);
u32 pgtag_tags_end(void);
u32 pgtag_tags_capacity(void);
u32 pgtag_tags_used(void);
bool pgtag_tags_share(void);
bool pgtag_tags_short(void);
u32 pgtag_tags_shared(u32 state);
bool pgtag_tag_listed(u32 index);
bool pgtag_tag_accurate(u32 index);
bool pgtag_tag_of_objects(u32 index);
struct pgtag_sum pgtag_tag_sum(u32 index);
struct pgtag_total pgtag_tag_total(u32 index);
struct pgtag_sum pgtag_tags_total(bool objects);
bool pgtag_tags_any(void);
size_t pgtag_tag_describe(u32 index, char *buffer, size_t size);
void pgtag_tags_forget(unsigned long start, unsigned long end_ip, bool there);
bool pgtag_tag_gone(u32 index);
void pgtag_tag_unreachable(u32 index);
void pgtag_tags_reclaim(void);
size_t pgtag_tags_memory(void);
void pgtag_tags_changed(void);
u64 pgtag_tags_content(void);

#endif
