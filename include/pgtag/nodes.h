/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The nodes of the tree of call paths, in one lock-free hash table.
 */
#ifndef PGTAG_NODES_H
#define PGTAG_NODES_H

#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include <arch/frames.h>
#include <pgtag/tags.h>

/* Values of a node's ip that are no address. */
#define PGTAG_NODE_FREE		0UL
#define PGTAG_NODE_DEAD		1UL	/* removed */
#define PGTAG_NODE_LEAVING	2UL	/* removed, and being taken away */

/*
 * Distances that lead off any stack, and so end a walk that goes by distances alone: the
 * path ends with this node, or it goes on but the unwinder has to say where, or the frame
 * pointer does; added to that is what pgtag_stack_up_by_pointer() wants.
 */
#define PGTAG_NODE_ENDS		ULONG_MAX
#define PGTAG_NODE_ASKS		(ULONG_MAX - 1)
#define PGTAG_NODE_POINTER	(ULONG_MAX / 2 + 1)

/**
 * struct pgtag_node - a return address on the way from the allocator to a tag
 * @ip: the return address; 0 and other small values where there is no node
 * @distance: bytes from its stack slot to its caller's; or %PGTAG_NODE_POINTER and
 *	more, %PGTAG_NODE_ENDS or %PGTAG_NODE_ASKS; once that, for ever
 * @hint: the node that last followed this one
 * @counter: where the path ends: its tag's counters; else NULL
 * @stamp: where the path ends and indices are in page->flags: what to XOR into
 *	those of a page that has none
 * @next: where the walk stands after it, as @state
 * @salt: what to XOR into the address of a node that may follow, for its hash
 * @state: where the walk stands before it: PGTAG_STATE_PAGES or
 *	PGTAG_STATE_OBJECTS inside the allocator API, else the index of the path so
 *	far. (@state, @ip) is the node's key.
 * @saved: if it has a distance of its own: how many bytes below its caller's slot its
 *	frame keeps its caller's frame pointer, 0 if it leaves that where it is
 * @given: inside the allocator API: whoever fires the event there says in it where it
 *	returns to
 * @refuted: how often that was found not to be so
 * @more: the next node whose hash is the same, in the end pgtag_nowhere
 *
 * One cache line, what the hot path reads first.
 */
struct pgtag_node {
	unsigned long ip;
	unsigned long distance;
	const struct pgtag_node *hint;
	struct pgtag_counter __percpu *counter;
	unsigned long stamp;
	u32 next;
	u32 salt;
	u32 state;
	u16 saved;
	bool given;
	u8 refuted;
	struct pgtag_node *more;
} ____cacheline_aligned;
static_assert(sizeof(struct pgtag_node) == 64);

/* log2 of the number of hashes. With paths some nodes have the same as a rule. */
#define PGTAG_HASH_BITS		13

/* Where walks start. */
extern struct pgtag_node pgtag_root;
extern struct pgtag_node pgtag_objects_root;
extern struct pgtag_node *pgtag_node_heads[1 << PGTAG_HASH_BITS];

/* Says "not known" to every address: it has none, and leads nowhere. Never written. */
extern struct pgtag_node pgtag_nowhere;

extern struct mutex pgtag_removers;	/* who takes them away */

typedef bool (*pgtag_node_match_t)(const struct pgtag_node *node,
				   const void *arg);

int pgtag_nodes_init(u32 most, u32 stocked);
void pgtag_nodes_exit(void);
size_t pgtag_nodes_memory(void);
u32 pgtag_nodes_most(void);
struct pgtag_node *pgtag_node_next(u32 *i);
const struct pgtag_node *pgtag_node_find(u32 state, unsigned long ip);
bool pgtag_node_fits(void);
const struct pgtag_node *pgtag_node_add(const struct pgtag_node *content);
bool pgtag_nodes_mark(pgtag_node_match_t match, const void *arg);
void pgtag_nodes_wait(void);
bool pgtag_learners_lock(unsigned long *flags);
void pgtag_learners_unlock(unsigned long flags);
void pgtag_nodes_tidy(void);

/*
 * The low bits of return addresses are as good as random. A state has a salt, for
 * many paths lead through the same address; the API, the state of most, has none.
 */
static __always_inline u32 pgtag_node_salt(u32 state)
{
	return state * GOLDEN_RATIO_32 >> (32 - PGTAG_HASH_BITS);
}

static __always_inline struct pgtag_node **
pgtag_node_head(u32 salt, unsigned long ip)
{
	return &pgtag_node_heads[(salt ^ ip >> PGTAG_IP_SHIFT) %
				 ARRAY_SIZE(pgtag_node_heads)];
}

/*
 * Is the node that follows @last with @ip the first one of its hash? What is read
 * here is older than the pointer that leads to it, see pgtag_node_add().
 */
static __always_inline bool pgtag_node_first(const struct pgtag_node **node,
					     const struct pgtag_node *last,
					     unsigned long ip)
{
	*node = READ_ONCE(*pgtag_node_head(last->salt, ip));
	return (*node)->ip == ip && (*node)->state == last->next;
}

#endif
