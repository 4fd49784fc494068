// SPDX-License-Identifier: GPL-2.0
/*
 * The nodes of the tree of call paths, in one lock-free hash table.
 *
 * Readers are the hot path: they take no lock and write nothing. Nodes are
 * added under a raw lock, in any context; NMI only tries it. They are removed
 * when a module's code goes: then nobody finds them any more, and a worker gives
 * them back once every reader has left. Each node has a place, by its hash; where
 * that is taken it is a spare one, in a chain from there. So nothing is left of
 * a node that was removed, however often that happens.
 */
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/tracepoint.h>
#include <linux/vmalloc.h>

#include <pgtag/nodes.h>
#include <pgtag/tags.h>

#define SPARES(places)	((places) / 4)

/* Loops over nodes let others run every so often, a power of two. */
#define STRIDE		4096

struct pgtag_node *pgtag_nodes __read_mostly;
unsigned int pgtag_nodes_shift __read_mostly;

static u32 nr_places;
static u32 nr_nodes;		/* places and spare nodes */
static u32 spares;		/* first spare node, 0 for none */

DEFINE_RAW_SPINLOCK(pgtag_learners);
DEFINE_MUTEX(pgtag_removers);

const struct pgtag_node pgtag_nowhere;

/* Where every walk starts; its hint is the frame next to the trace event. */
struct pgtag_node pgtag_root __read_mostly = { .hint = &pgtag_nowhere };

static struct pgtag_node *place_of(u32 state, unsigned long ip)
{
	return &pgtag_nodes[pgtag_node_hash(state, ip)];
}

/**
 * pgtag_node_find - find a node by its key
 * @state: where the walk stands before it
 * @ip: the return address
 *
 * Context: any, in a hook, or with the learners' lock. The node may be used until
 * the hook returns.
 * Return: the node or NULL.
 */
const struct pgtag_node *pgtag_node_find(u32 state, unsigned long ip)
{
	const struct pgtag_node *node = place_of(state, ip);
	u32 more;

	for (;;) {
		/* Pairs with the release in pgtag_node_add(). */
		if (smp_load_acquire(&node->ip) == ip && node->state == state)
			return node;
		more = READ_ONCE(node->more);
		if (!more)
			return NULL;
		node = &pgtag_nodes[more];
	}
}

/**
 * pgtag_node_fits - is there room for a node?
 * @state: where the walk stands before it
 * @ip: the return address
 *
 * Context: any. Without the learners' lock this is as good as it was.
 */
bool pgtag_node_fits(u32 state, unsigned long ip)
{
	return READ_ONCE(place_of(state, ip)->ip) == PGTAG_NODE_FREE ||
	       READ_ONCE(spares);
}

/**
 * pgtag_node_add - add a node
 * @content: its key and what it says
 *
 * Context: any, with the learners' lock; there is no node of that key.
 * Return: the node, or NULL if there is no room.
 */
const struct pgtag_node *pgtag_node_add(const struct pgtag_node *content)
{
	struct pgtag_node *place = place_of(content->state, content->ip);
	struct pgtag_node *node = place;

	if (place->ip != PGTAG_NODE_FREE) {
		if (!spares)
			return NULL;
		node = &pgtag_nodes[spares];
		WRITE_ONCE(spares, node->more);
		WRITE_ONCE(node->more, place->more);
	}
	node->state = content->state;
	node->next = content->next;
	node->distance = content->distance;
	node->hint = &pgtag_nowhere;
	/* Whoever finds the address finds the rest of the node. */
	smp_store_release(&node->ip, content->ip);
	if (node != place) {
		/* Nobody comes along the chain and finds what it was before. */
		smp_store_release(&place->more, node - pgtag_nodes);
	}
	return node;
}

static unsigned long ip_of(const struct pgtag_node *node)
{
	/* Pairs with the release in pgtag_node_add(): the rest of it is there. */
	return smp_load_acquire(&node->ip);
}

/**
 * pgtag_node_next - the nodes that are there, one after the other
 * @i: 0 at first; where to go on
 *
 * Context: process context, may sleep.
 * Return: a node, NULL after the last one.
 */
struct pgtag_node *pgtag_node_next(u32 *i)
{
	while (*i < nr_nodes) {
		struct pgtag_node *node = &pgtag_nodes[(*i)++];

		if (!(*i % STRIDE))
			cond_resched();
		if (ip_of(node) > PGTAG_NODE_LEAVING)
			return node;
	}
	return NULL;
}

/**
 * pgtag_nodes_mark - have nobody find certain nodes any more
 * @match: says which
 * @arg: passed on
 *
 * What a node says never changes while its address is there; if somebody else
 * removed it meanwhile, so be it.
 *
 * Context: process context, may sleep. pgtag_nodes_tidy() must follow if there
 * were any.
 * Return: whether there were.
 */
bool pgtag_nodes_mark(pgtag_node_match_t match, const void *arg)
{
	struct pgtag_node *node;
	bool any = false;
	u32 i = 0;

	while ((node = pgtag_node_next(&i))) {
		unsigned long ip = ip_of(node);

		if (ip > PGTAG_NODE_LEAVING && match(node, arg))
			any |= cmpxchg(&node->ip, ip, PGTAG_NODE_DEAD) == ip;
	}
	return any;
}

/* Only under the removers' lock does a chain get shorter. */
static bool has_dead(const struct pgtag_node *node)
{
	while (READ_ONCE(node->ip) != PGTAG_NODE_DEAD) {
		u32 more = READ_ONCE(node->more);

		if (!more)
			return false;
		node = &pgtag_nodes[more];
	}
	return true;
}

/* Who reads a node that is taken out of the chain goes on from there. */
static void take_out(struct pgtag_node *place)
{
	struct pgtag_node *last = place;

	if (place->ip == PGTAG_NODE_DEAD)
		WRITE_ONCE(place->ip, PGTAG_NODE_LEAVING);
	while (last->more) {
		struct pgtag_node *node = &pgtag_nodes[last->more];

		if (node->ip != PGTAG_NODE_DEAD) {
			last = node;
			continue;
		}
		WRITE_ONCE(node->ip, PGTAG_NODE_LEAVING);
		WRITE_ONCE(last->more, node->more);
	}
}

static bool take_out_dead(void)
{
	bool any = false;
	u32 i;

	for (i = 0; i < nr_places; i++) {
		if (!(i % STRIDE))
			cond_resched();
		if (!has_dead(&pgtag_nodes[i]))
			continue;
		raw_spin_lock_irq(&pgtag_learners);
		take_out(&pgtag_nodes[i]);
		raw_spin_unlock_irq(&pgtag_learners);
		any = true;
	}
	return any;
}

static void unhint(struct pgtag_node *node)
{
	if (READ_ONCE(READ_ONCE(node->hint)->ip) == PGTAG_NODE_LEAVING)
		WRITE_ONCE(node->hint, &pgtag_nowhere);
}

static void unhint_all(void)
{
	struct pgtag_node *node;
	u32 i = 0;

	unhint(&pgtag_root);
	while ((node = pgtag_node_next(&i)))
		unhint(node);
}

static void give_back(u32 i)
{
	struct pgtag_node *node = &pgtag_nodes[i];

	pgtag_tag_unreachable(node->next);
	raw_spin_lock_irq(&pgtag_learners);
	WRITE_ONCE(node->ip, PGTAG_NODE_FREE);
	if (i >= nr_places) {
		node->more = spares;
		WRITE_ONCE(spares, i);
	}
	raw_spin_unlock_irq(&pgtag_learners);
}

static void give_back_all(void)
{
	u32 i;

	for (i = 0; i < nr_nodes; i++) {
		if (!(i % STRIDE))
			cond_resched();
		if (READ_ONCE(pgtag_nodes[i].ip) == PGTAG_NODE_LEAVING)
			give_back(i);
	}
}

/**
 * pgtag_nodes_wait - wait until all readers of nodes have left
 *
 * Trace events are in sections of SRCU (from 7.0 on) or with preemption off,
 * hooks of functions' exits with preemption off. Those of entries look at no node.
 *
 * Context: process context, may sleep.
 */
void pgtag_nodes_wait(void)
{
	tracepoint_synchronize_unregister();
	synchronize_rcu();
}

/**
 * pgtag_nodes_tidy - take away the nodes that nobody finds any more
 *
 * After the first wait no reader stands in a chain on one, nor has just found one
 * to make it a hint, so hints to them can be taken away for good. After the second
 * no reader holds such a hint: then a node may be another one.
 *
 * Context: process context, may sleep; with the removers' lock.
 */
void pgtag_nodes_tidy(void)
{
	if (!take_out_dead())
		return;
	pgtag_nodes_wait();
	unhint_all();
	pgtag_nodes_wait();
	give_back_all();
}

static void chain_spares(void)
{
	u32 i;

	spares = 0;
	for (i = nr_places; i < nr_nodes; i++) {
		pgtag_nodes[i].more = spares;
		spares = i;
	}
}

/**
 * pgtag_nodes_init - make room for nodes
 * @bits: log2 of the number of places
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int pgtag_nodes_init(unsigned int bits)
{
	nr_places = 1U << bits;
	nr_nodes = nr_places + SPARES(nr_places);
	pgtag_nodes_shift = 64 - bits;
	pgtag_root.hint = &pgtag_nowhere;
	pgtag_nodes = vcalloc(nr_nodes, sizeof(*pgtag_nodes));
	if (!pgtag_nodes)
		return -ENOMEM;
	chain_spares();
	return 0;
}

/**
 * pgtag_nodes_exit - give the nodes' memory back
 *
 * Context: process context, may sleep. Nobody reads a node any more.
 */
void pgtag_nodes_exit(void)
{
	vfree(pgtag_nodes);
	pgtag_nodes = NULL;
}

/**
 * pgtag_nodes_memory - what the nodes take, in bytes
 *
 * Context: any.
 */
size_t pgtag_nodes_memory(void)
{
	return nr_nodes * sizeof(*pgtag_nodes);
}

/**
 * pgtag_nodes_places - how many nodes have a place of their own
 *
 * Context: any.
 */
u32 pgtag_nodes_places(void)
{
	return nr_places;
}
