// SPDX-License-Identifier: GPL-2.0
/*
 * A tree of call paths, stored as one lock-free hash table.
 *
 * A node is found by (where the walk stands, return address) and says where
 * the walk stands next and how far up the stack the caller's return address
 * lies. Inside the allocator API the walk stands at the root; the first
 * address outside is a site, and its node has the site's tag.
 *
 * Readers are the hot path: they take no lock and write nothing. Nodes are
 * added under a raw lock, in any context; NMI only tries it. They are removed
 * only when a module's code goes, and reused after every reader has left.
 *
 * Whatever is not in the table, or has no distance that is proven, is asked
 * of the unwinder. That is also how a return address comes out right that a
 * tracer replaced by its trampoline, or that is in one: it is in no table.
 */
#include <linux/kallsyms.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <linux/vmalloc.h>

#include <pgtag/api.h>
#include <pgtag/caller.h>
#include <pgtag/names.h>
#include <pgtag/stats.h>
#include <pgtag/tags.h>

/*
 * log2 of the number of nodes: with sites alone, and with paths. A table that
 * is more than three quarters full gets slow to search: no more nodes then.
 */
#define SITE_BITS	15
#define PATH_BITS	18
#define MAX_NODES(bits)	((1U << (bits)) / 4 * 3)

/* Values of a node's ip that are no address. Free ends a search. */
#define NODE_FREE	0UL
#define NODE_DEAD	1UL	/* removed, readers may still look at it */
#define NODE_REUSABLE	2UL	/* removed, and all readers have left */

struct pgtag_node *pgtag_nodes __read_mostly;
unsigned int pgtag_nodes_shift __read_mostly;

static u32 nr_nodes;
static u32 nodes_used;
static unsigned int depth;	/* frames of a path, 1 for sites */
static DEFINE_RAW_SPINLOCK(learners);
static DEFINE_MUTEX(removers);

/* Says "not known" to every address: it has none, and leads nowhere. */
static const struct pgtag_node nowhere;

/* Where every walk starts; its hint is the frame next to the trace event. */
struct pgtag_node pgtag_root __read_mostly = { .hint = &nowhere };

/*
 * The node of (@state, @ip), or NULL. It may be used until the hook returns
 * that asks for it.
 */
static const struct pgtag_node *find(u32 state, unsigned long ip)
{
	u32 i = pgtag_node_hash(state, ip);

	for (;; i = (i + 1) % nr_nodes) {
		const struct pgtag_node *node = &pgtag_nodes[i];
		unsigned long key;

		/* Pairs with the release in add_node(). */
		key = smp_load_acquire(&node->ip);
		if (key == ip && node->state == state)
			return node;
		if (key == NODE_FREE)
			return NULL;
	}
}

/* A place for a new node; the table is never full. */
static struct pgtag_node *free_node(u32 state, unsigned long ip)
{
	u32 i = pgtag_node_hash(state, ip);

	while (pgtag_nodes[i].ip != NODE_FREE && pgtag_nodes[i].ip != NODE_REUSABLE)
		i = (i + 1) % nr_nodes;
	return &pgtag_nodes[i];
}

/* The symbol around a call; kallsyms takes no lock and works in NMI. */
static const char *symbol_of_call(unsigned long ip)
{
	static char symbol[KSYM_SYMBOL_LEN];	/* under the learners' lock */

	/* After a call that never returns, ip is in the next function. */
	sprint_symbol(symbol, ip - 1);
	return symbol;
}

/* Does a walk that has come to this path end there? */
static bool path_ends(u32 index)
{
	return pgtag_tag_depth(index) >= depth || !pgtag_tag_accurate(index);
}

static const struct pgtag_node *add_node(u32 state,
					 const struct pgtag_frames *frames)
{
	struct pgtag_node *node = free_node(state, frames->ip);
	u32 next = 0;

	if (nodes_used >= nr_nodes / 4 * 3)
		return NULL;
	/* Only up to the site: above it the API's functions are as any other. */
	if (state || !pgtag_api_has(symbol_of_call(frames->ip))) {
		next = pgtag_tag_new(frames->ip, state);
		if (!next)
			return NULL;
	}
	if (node->ip == NODE_FREE)
		nodes_used++;
	node->state = state;
	node->next = next;
	node->distance = next && path_ends(next) ?
			 0 : pgtag_frames_distance(frames);
	node->hint = &nowhere;
	/* Whoever finds the address finds the rest of the node. */
	smp_store_release(&node->ip, frames->ip);
	return node;
}

static const char *symbol_at(unsigned long ip)
{
	static char symbol[KSYM_SYMBOL_LEN];	/* under the learners' lock */

	sprint_symbol(symbol, ip);
	return symbol;
}

/* Is this a trampoline that the unwinder took for a return address? */
static bool returns_to_graph(const char *symbol)
{
	return str_has_prefix(symbol, "return_to_handler+0x0/");
}

/*
 * A BPF program that waits for a function's exit has it called from a
 * trampoline. That is nobody's site, and it cannot be learned: its memory may
 * be somebody else's code tomorrow.
 */
static bool in_bpf_trampoline(const char *symbol)
{
	return str_has_prefix(symbol, "bpf_trampoline_");
}

/* The learners' lock is held. */
static const struct pgtag_node *find_or_add(u32 state,
					    struct pgtag_frames *frames)
{
	const struct pgtag_node *node = find(state, frames->ip);
	const char *symbol;

	if (node)
		return node;
	symbol = symbol_at(frames->ip);
	/* The API is passed through, a path ends below. */
	if (in_bpf_trampoline(symbol))
		return state ? NULL : &nowhere;
	if (returns_to_graph(symbol)) {
		if (!pgtag_frames_trampoline(frames))
			return NULL;
		node = find(state, frames->ip);
		if (node)
			return node;
	}
	return add_node(state, frames);
}

static const struct pgtag_node *learn(u32 state, struct pgtag_frames *frames)
{
	const struct pgtag_node *node;
	unsigned long flags;

	/* The NMI may have interrupted who holds the lock. */
	if (in_nmi()) {
		if (!raw_spin_trylock_irqsave(&learners, flags))
			return NULL;
	} else {
		raw_spin_lock_irqsave(&learners, flags);
	}
	node = find_or_add(state, frames);
	raw_spin_unlock_irqrestore(&learners, flags);
	return node;
}

/**
 * pgtag_caller_unwind - the tag of the call site, by the unwinder alone
 * @slot: where the first return address lies, inside the page allocator
 *
 * Learns what was not known on the way.
 *
 * Context: any, with RCU watching. Allocates nothing.
 * Return: the index, or 0 if there is none to be had (counted as dropped).
 */
u32 pgtag_caller_unwind(const unsigned long *slot)
{
	const struct pgtag_node *node;
	struct pgtag_frames frames;
	bool more = pgtag_frames_start(&frames, slot);
	u32 state = 0;

	pgtag_count(PGTAG_STAT_UNWOUND);
	for (; more; more = pgtag_frames_next(&frames)) {
		node = find(state, frames.ip);
		if (!node)
			node = learn(state, &frames);
		if (!node)
			break;
		state = node->next;
		if (state && !node->distance)
			break;
	}
	if (!state)
		pgtag_count(PGTAG_STAT_DROPPED);
	return state;
}

/**
 * pgtag_caller_index - the tag of the call site
 * @slot: where the first return address lies, inside the page allocator
 *
 * Context: any, with RCU watching. Allocates nothing.
 * Return: the index, or 0 if there is none to be had (counted as dropped).
 */
u32 pgtag_caller_index(const unsigned long *slot)
{
	u32 index = pgtag_caller_walk(slot, find);

	return index ? index : pgtag_caller_unwind(slot);
}

/*
 * Compare one node with the unwinder and go on to its caller. A node that is
 * wrong loses its distance, and with it the right to be used unasked.
 */
static bool check_step(struct pgtag_node *node, struct pgtag_frames *frames)
{
	const unsigned long *expected = (void *)frames->slot + node->distance;

	if (pgtag_frames_next(frames) && frames->slot == expected)
		return true;
	WRITE_ONCE(node->distance, 0);
	return false;
}

/**
 * pgtag_caller_check - compare what the hot path found with the unwinder
 * @slot: where the first return address lies
 * @index: what the hot path said of it
 *
 * Called for a sample of allocations, for ever. As the only place that knows
 * a path that is in use and may write, it also points each node's hint to
 * the one that followed.
 *
 * Context: as pgtag_caller_index().
 */
void pgtag_caller_check(const unsigned long *slot, u32 index)
{
	struct pgtag_node *last = &pgtag_root;
	struct pgtag_frames frames;
	struct pgtag_node *node;
	u32 state = 0;

	if (!pgtag_frames_start(&frames, slot))
		return;
	pgtag_count(PGTAG_STAT_CHECKED);
	for (;;) {
		node = (struct pgtag_node *)find(state, frames.ip);
		if (!node)
			break;
		if (READ_ONCE(last->hint) != node)
			WRITE_ONCE(last->hint, node);
		state = node->next;
		if (state && !node->distance)
			break;
		if (!node->distance) {
			/* No promise to check here, the unwinder leads. */
			if (!pgtag_frames_next(&frames))
				break;
		} else if (!check_step(node, &frames)) {
			state = 0;
			break;
		}
		last = node;
	}
	if (state != index)
		pgtag_count(PGTAG_STAT_WRONG);
}

/* Code in this range goes, and with it the paths that lead through it. */
struct going {
	unsigned long start;
	unsigned long end;
};

static bool node_goes(const struct pgtag_node *node, const void *arg)
{
	const struct going *going = arg;

	return (node->ip >= going->start && node->ip < going->end) ||
	       pgtag_tag_gone(node->state) || pgtag_tag_gone(node->next);
}

/* Is this a call in the function of that name, next to the allocator? */
static bool node_in_function(const struct pgtag_node *node, const void *arg)
{
	const char *symbol = symbol_of_call(node->ip);
	const char *name = arg;
	size_t length = pgtag_name_length(symbol);

	return !node->state && !strncmp(symbol, name, length) && !name[length];
}

static void mark(bool (*match)(const struct pgtag_node *node, const void *arg),
		 const void *arg)
{
	u32 i;

	for (i = 0; i < nr_nodes; i++) {
		struct pgtag_node *node = &pgtag_nodes[i];
		unsigned long flags;

		if (READ_ONCE(node->ip) <= NODE_REUSABLE)
			continue;
		raw_spin_lock_irqsave(&learners, flags);
		if (match(node, arg))
			WRITE_ONCE(node->ip, NODE_DEAD);
		raw_spin_unlock_irqrestore(&learners, flags);
	}
}

static void unhint(struct pgtag_node *node)
{
	if (READ_ONCE(node->hint->ip) == NODE_DEAD)
		WRITE_ONCE(node->hint, &nowhere);
}

static void reuse(void)
{
	u32 i;

	/* Learners take such a node only under their lock, and whole. */
	for (i = 0; i < nr_nodes; i++) {
		if (pgtag_nodes[i].ip == NODE_DEAD)
			WRITE_ONCE(pgtag_nodes[i].ip, NODE_REUSABLE);
	}
}

/*
 * Remove nodes. Two grace periods: after the first no reader finds a removed
 * node any more, so hints to them can be taken away for good; after the
 * second no reader stands on one.
 */
static void remove(bool (*match)(const struct pgtag_node *node,
				 const void *arg), const void *arg)
{
	u32 i;

	mutex_lock(&removers);
	mark(match, arg);
	tracepoint_synchronize_unregister();
	unhint(&pgtag_root);
	for (i = 0; i < nr_nodes; i++) {
		if (pgtag_nodes[i].ip > NODE_REUSABLE)
			unhint(&pgtag_nodes[i]);
	}
	tracepoint_synchronize_unregister();
	reuse();
	mutex_unlock(&removers);
}

/**
 * pgtag_caller_forget - code is about to go, its addresses may come back
 * @start: first address
 * @end: one past the last
 *
 * Context: process context, may sleep. Nothing runs between @start and @end
 * any more, and pgtag_tags_forget() has been told.
 */
void pgtag_caller_forget(unsigned long start, unsigned long end)
{
	const struct going going = { start, end };

	remove(node_goes, &going);
}

/**
 * pgtag_caller_relearn - a function became part of the API, or no longer is
 * @name: the function
 *
 * Context: process context, may sleep.
 */
void pgtag_caller_relearn(const char *name)
{
	remove(node_in_function, name);
}

/**
 * pgtag_caller_init - make room for nodes
 * @frames: how many frames a path has
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int pgtag_caller_init(unsigned int frames)
{
	unsigned int bits = frames > 1 ? PATH_BITS : SITE_BITS;

	BUILD_BUG_ON(MAX_NODES(SITE_BITS) < PGTAG_MAX_TAGS);
	BUILD_BUG_ON(MAX_NODES(PATH_BITS) < PGTAG_MAX_PATHS);
	nr_nodes = 1U << bits;
	pgtag_nodes_shift = 64 - bits;
	nodes_used = 0;
	depth = frames;
	pgtag_root.hint = &nowhere;
	pgtag_nodes = vcalloc(nr_nodes, sizeof(*pgtag_nodes));
	return pgtag_nodes ? 0 : -ENOMEM;
}

/**
 * pgtag_caller_memory - what the nodes take, in bytes
 *
 * Context: any.
 */
size_t pgtag_caller_memory(void)
{
	return nr_nodes * sizeof(*pgtag_nodes);
}

/**
 * pgtag_caller_exit - forget all paths
 *
 * Context: process context, may sleep. No hook may run any more.
 */
void pgtag_caller_exit(void)
{
	vfree(pgtag_nodes);
	pgtag_nodes = NULL;
}
