/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Since 6.14 fprobe is one of the up to 16 that function graph calls when a
 * function returns. It calls whoever has index 0 among them for the returns
 * that any of them follows (function_graph_enter_regs() always sets that bit),
 * and fprobe_return() warns of an entry in which it has left nothing. So that
 * index is not for fprobe. It goes to whoever comes first after boot; then
 * indices go round, and one that is given back comes last. All fprobes share
 * one: where others have brought it there already, ours change nothing.
 */
#ifndef PGTAG_SHIM_GRAPH_INDEX_H
#define PGTAG_SHIM_GRAPH_INDEX_H

#include <linux/ftrace.h>
#include <linux/version.h>

#include "symbol.h"

enum pgtag_graph_index {
	PGTAG_GRAPH_INDEX_GOOD,		/* fprobe has another, or gets one */
	PGTAG_GRAPH_INDEX_FREE,		/* 0, and nobody else is there */
	PGTAG_GRAPH_INDEX_WARNS,	/* 0, and others follow returns */
};

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0)

static inline bool pgtag_graph_read(const char *name, int index, int *value)
{
	return pgtag_symbol_read(name, index * sizeof(*value), value,
				 sizeof(*value));
}

/* What the next exit handler of an fprobe means. What cannot be read is 0. */
static inline enum pgtag_graph_index pgtag_graph_index(void)
{
	unsigned long flags;
	int next, index, active;

	if (pgtag_symbol_read("fprobe_graph_ops",
			      offsetof(struct fgraph_ops, ops.flags), &flags,
			      sizeof(flags)) && flags & FTRACE_OPS_FL_GRAPH)
		return PGTAG_GRAPH_INDEX_GOOD;
	if (pgtag_graph_read("fgraph_lru_next", 0, &next) &&
	    pgtag_graph_read("fgraph_lru_table", next, &index) && index)
		return PGTAG_GRAPH_INDEX_GOOD;
	if (pgtag_graph_read("ftrace_graph_active", 0, &active) && active)
		return PGTAG_GRAPH_INDEX_WARNS;
	return PGTAG_GRAPH_INDEX_FREE;
}

#else

static inline enum pgtag_graph_index pgtag_graph_index(void)
{
	return PGTAG_GRAPH_INDEX_GOOD;
}

#endif

#endif
