/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The nodes of the tree of call paths, in one lock-free hash table.
 */
#ifndef PGTAG_NODES_H
#define PGTAG_NODES_H

#include <linux/hash.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/* Values of a node's ip that are no address. */
#define PGTAG_NODE_FREE		0UL
#define PGTAG_NODE_DEAD		1UL	/* removed */
#define PGTAG_NODE_LEAVING	2UL	/* removed, and being taken away */

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

/* Says "not known" to every address: it has none, and leads nowhere. */
extern const struct pgtag_node pgtag_nowhere;

extern raw_spinlock_t pgtag_learners;	/* who adds nodes, in any context */
extern struct mutex pgtag_removers;	/* who takes them away */

typedef bool (*pgtag_node_match_t)(const struct pgtag_node *node,
				   const void *arg);

int pgtag_nodes_init(unsigned int bits);
void pgtag_nodes_exit(void);
size_t pgtag_nodes_memory(void);
u32 pgtag_nodes_places(void);
struct pgtag_node *pgtag_node_next(u32 *i);
const struct pgtag_node *pgtag_node_find(u32 state, unsigned long ip);
bool pgtag_node_fits(u32 state, unsigned long ip);
const struct pgtag_node *pgtag_node_add(const struct pgtag_node *content);
bool pgtag_nodes_mark(pgtag_node_match_t match, const void *arg);
void pgtag_nodes_wait(void);
void pgtag_nodes_tidy(void);

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
	/* Pairs with the release in pgtag_node_add(): the rest of it is there. */
	if (likely(smp_load_acquire(&node->ip) == ip && node->state == state))
		return node;
	return NULL;
}

#endif
