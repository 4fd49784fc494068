/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a stack slot to the tag of the call site.
 */
#ifndef PGTAG_CALLER_H
#define PGTAG_CALLER_H

#include <linux/types.h>

#include <arch/frames.h>

/**
 * struct pgtag_node - a return address on the way from the allocator to a tag
 * @ip: the return address, or one of the values below PGTAG_NODE_KEY_MIN
 * @state: where the walk stands before it: 0 inside the allocator API, else
 *	the index of the path so far. (@state, @ip) is the node's key.
 * @next: where the walk stands after it
 * @distance: bytes from its stack slot to its caller's; 0 ends the walk
 * @hint: the node that last followed this one
 */
struct pgtag_node {
	unsigned long ip;
	u32 state;
	u32 next;
	u32 distance;
	const struct pgtag_node *hint;
};

extern struct pgtag_node pgtag_root;

int pgtag_caller_init(void);
void pgtag_caller_exit(void);
const struct pgtag_node *pgtag_caller_find(u32 state, unsigned long ip);
u32 pgtag_caller_unwind(unsigned long *slot);
void pgtag_caller_check(unsigned long *slot, u32 index);
void pgtag_caller_forget(unsigned long start, unsigned long end);

/**
 * pgtag_caller_index - the tag of the call site
 * @slot: where the first return address lies, inside the page allocator
 *
 * Every word is read from the stack this CPU runs on, whatever has been
 * learned: see pgtag_stack_base().
 *
 * Context: any, with RCU watching. Writes nothing once a path is known.
 * Return: the index, or 0 if there is none to be had (counted as dropped).
 */
static __always_inline u32 pgtag_caller_index(unsigned long *slot)
{
	const struct pgtag_node *node = &pgtag_root;
	unsigned long base = pgtag_stack_base(slot);
	unsigned long *at = slot;
	u32 state = 0;

	while (likely(pgtag_on_stack(at, base))) {
		unsigned long ip = READ_ONCE(*at);

		node = READ_ONCE(node->hint);
		if (READ_ONCE(node->ip) != ip) {
			node = pgtag_caller_find(state, ip);
			if (!node)
				break;
		}
		state = node->next;
		if (!node->distance) {
			if (unlikely(!state))
				break;
			return state;
		}
		at = (void *)at + node->distance;
	}
	return pgtag_caller_unwind(slot);
}

#endif
