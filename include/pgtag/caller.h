/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a stack slot to the tag of the call site.
 */
#ifndef PGTAG_CALLER_H
#define PGTAG_CALLER_H

#include <linux/types.h>

#include <arch/frames.h>
#include <pgtag/nodes.h>

int pgtag_caller_init(unsigned int frames);
void pgtag_caller_exit(void);
u32 pgtag_caller_index(const unsigned long *slot);
u32 pgtag_caller_unwind(const unsigned long *slot);
void pgtag_caller_check(const unsigned long *slot, u32 index);
void pgtag_caller_forget(unsigned long start, unsigned long end);
void pgtag_caller_relearn(const char *name);

/*
 * Walk up the stack from node to node. Every word is read from the stack this
 * CPU runs on, whatever has been learned: see pgtag_stack_base().
 */
static __always_inline u32
pgtag_caller_walk(const unsigned long *slot,
		  const struct pgtag_node *(*find)(u32 state, unsigned long ip))
{
	const struct pgtag_node *last = &pgtag_root;
	unsigned long base = pgtag_stack_base(slot);
	unsigned long at = (unsigned long)slot - base;

	while (likely(pgtag_on_stack(at))) {
		unsigned long ip = *(const unsigned long *)(base + at);
		const struct pgtag_node *node = READ_ONCE(last->hint);

		if (node->ip != ip) {
			node = find(last->next, ip);
			if (unlikely(!node))
				return 0;
		}
		if (!node->distance)
			return node->next;
		at += node->distance;
		last = node;
	}
	return 0;
}

/**
 * pgtag_caller_quick - the tag of the call site, if it is found at once
 * @slot: where the first return address lies, inside the page allocator
 *
 * Context: any, with RCU watching. Calls nothing and writes nothing.
 * Return: the index, or 0: ask pgtag_caller_index().
 */
static __always_inline u32 pgtag_caller_quick(const unsigned long *slot)
{
	return pgtag_caller_walk(slot, pgtag_node_first);
}

#endif
