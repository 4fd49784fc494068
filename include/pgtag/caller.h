/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a stack slot to the tag of the call site.
 */
#ifndef PGTAG_CALLER_H
#define PGTAG_CALLER_H

#include <linux/hash.h>
#include <linux/types.h>

#include <arch/frames.h>

/**
 * struct pgtag_node - a return address on the way from the allocator to a tag
 * @ip: the return address; 0 and other small values where there is no node
 * @state: where the walk stands before it: 0 inside the allocator API, else
 *	the index of the path so far. (@state, @ip) is the node's key.
 * @next: where the walk stands after it
 * @distance: bytes from its stack slot to its caller's; 0 ends the walk
 * @more: the next node whose hash is the same, 0 for none
 * @hint: the node that last followed this one
 */
struct pgtag_node {
	unsigned long ip;
	u32 state;
	u32 next;
	u32 distance;
	u32 more;
	const struct pgtag_node *hint;
};

extern struct pgtag_node pgtag_root;
extern struct pgtag_node *pgtag_nodes;
extern unsigned int pgtag_nodes_shift;	/* 64 - log2 of their number */

int pgtag_caller_init(unsigned int frames);
void pgtag_caller_exit(void);
size_t pgtag_caller_memory(void);
u32 pgtag_caller_index(const unsigned long *slot);
u32 pgtag_caller_unwind(const unsigned long *slot);
void pgtag_caller_check(const unsigned long *slot, u32 index);
void pgtag_caller_forget(unsigned long start, unsigned long end);
void pgtag_caller_relearn(const char *name);

static __always_inline u32 pgtag_node_hash(u32 state, unsigned long ip)
{
	return ((ip + ((u64)state << 40)) * GOLDEN_RATIO_64) >>
	       pgtag_nodes_shift;
}

/* The node of (@state, @ip) if it lies where it is looked for first. */
static __always_inline const struct pgtag_node *
pgtag_node_first(u32 state, unsigned long ip)
{
	const struct pgtag_node *node;

	node = &pgtag_nodes[pgtag_node_hash(state, ip)];
	/* Pairs with the release in add(): the rest of it is there. */
	if (likely(smp_load_acquire(&node->ip) == ip && node->state == state))
		return node;
	return NULL;
}

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
