/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Since 6.14 fprobe is one of the up to 16 that function graph calls when a
 * function returns. It calls whoever has index 0 among them for the returns
 * that any of them follows (function_graph_enter_regs() always sets that bit),
 * and fprobe_return() warns of an entry in which it has left nothing. So that
 * index is not for fprobe. It goes to whoever comes first after boot; then
 * indices go round, and one that is given back comes last. All fprobes share
 * one: where others have brought it there already, ours change nothing.
 *
 * First after boot fprobe can take index 0 and give it back. Later it cannot, be it
 * for a moment: a task that sleeps in a function others followed, since whenever,
 * may wake up and return then.
 */
#ifndef PGTAG_SHIM_GRAPH_INDEX_H
#define PGTAG_SHIM_GRAPH_INDEX_H

#include <linux/ftrace.h>
#include <linux/version.h>

#include "symbol.h"

enum pgtag_graph_index {
	PGTAG_GRAPH_INDEX_GOOD,		/* fprobe has another, or gets one */
	PGTAG_GRAPH_INDEX_FIRST,	/* 0, and nobody ever followed returns */
	PGTAG_GRAPH_INDEX_WARNS,	/* 0, and others have left entries, or may */
};

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0)

static inline bool pgtag_graph_read(const char *name, int index, int *value)
{
	return pgtag_symbol_read(name, index * sizeof(*value), value,
				 sizeof(*value));
}

/* What the next exit handler of an fprobe means; the worst, of what cannot be read. */
static inline enum pgtag_graph_index pgtag_graph_index(void)
{
	unsigned long flags;
	unsigned long first;
	int next, index;

	if (pgtag_symbol_read("fprobe_graph_ops",
			      offsetof(struct fgraph_ops, ops.flags), &flags,
			      sizeof(flags)) && flags & FTRACE_OPS_FL_GRAPH)
		return PGTAG_GRAPH_INDEX_GOOD;
	/* The array is empty until the first comes, and never again. */
	if (!pgtag_symbol_read("fgraph_array", 0, &first, sizeof(first)))
		return PGTAG_GRAPH_INDEX_WARNS;
	if (!first)
		return PGTAG_GRAPH_INDEX_FIRST;
	if (pgtag_graph_read("fgraph_lru_next", 0, &next) &&
	    pgtag_graph_read("fgraph_lru_table", next, &index) && index)
		return PGTAG_GRAPH_INDEX_GOOD;
	return PGTAG_GRAPH_INDEX_WARNS;
}

#else

static inline enum pgtag_graph_index pgtag_graph_index(void)
{
	return PGTAG_GRAPH_INDEX_GOOD;
}

#endif

#endif
