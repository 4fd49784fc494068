// SPDX-License-Identifier: GPL-2.0
/*
 * The nodes of the tree of call paths, in one lock-free hash table.
 *
 * Readers are the hot path: they take no lock and write nothing. Nodes are
 * added under a raw lock, in any context; NMI only tries it. A worker keeps a
 * stock of them, for that. They are removed when a module's code goes: then nobody
 * finds them any more, and a worker gives them back once every reader has left. So
 * nothing is left of a node that was removed, however often that happens.
 */
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/tracepoint.h>
#include <linux/vmalloc.h>

#include <pgtag/nodes.h>
#include <pgtag/storage.h>
#include <pgtag/tags.h>
#include <pgtag/work.h>

/* Nodes are allocated so many at once, 64 KiB. */
#define BLOCK		1024U
/* Loops over nodes let others run every so often, a power of two. */
#define STRIDE		4096

/* How long to wait where there is no memory for nodes. */
#define RETRY		HZ

struct pgtag_node *pgtag_node_heads[1 << PGTAG_HASH_BITS] __read_mostly;

static struct pgtag_node **blocks;
static u32 most_nodes;
static u32 enough;			/* to spare */
static u32 nr_nodes;			/* in blocks, a multiple of BLOCK */
static u32 nr_spares;
static struct pgtag_node *spares;	/* chained by @more */

static DEFINE_RAW_SPINLOCK(learners);	/* who adds nodes, in any context */
static DEFINE_PER_CPU(bool, learning);	/* has that lock, or waits for it */
DEFINE_MUTEX(pgtag_removers);

struct pgtag_node pgtag_nowhere __read_mostly = { .distance = PGTAG_NODE_ENDS };

/* Their hint is the frame next to the trace event. */
struct pgtag_node pgtag_root __read_mostly = {
	.hint = &pgtag_nowhere,
	.next = PGTAG_STATE_PAGES,
};

struct pgtag_node pgtag_objects_root __read_mostly = {
	.hint = &pgtag_nowhere,
	.next = PGTAG_STATE_OBJECTS,
};

/**
 * pgtag_learners_lock - be the only one who adds nodes and tags
 * @flags: kept for pgtag_learners_unlock()
 *
 * An NMI may interrupt who holds the lock, or waits for it, and so may a BPF program
 * that is called by the lock's own trace events: from 7.0 on it may allocate.
 *
 * Context: any. Interrupts are off then.
 * Return: false if this CPU has it already, or another one in an NMI; never in
 * process context.
 */
bool pgtag_learners_lock(unsigned long *flags)
{
	local_irq_save(*flags);
	if (this_cpu_read(learning))
		goto busy;
	this_cpu_write(learning, true);
	if (!in_nmi())
		raw_spin_lock(&learners);
	else if (!raw_spin_trylock(&learners))
		goto taken;
	/* Sparse cannot follow it out of here. */
	__release(&learners);
	return true;
taken:
	this_cpu_write(learning, false);
busy:
	local_irq_restore(*flags);
	return false;
}

/**
 * pgtag_learners_unlock - let others add nodes and tags
 * @flags: from pgtag_learners_lock()
 */
void pgtag_learners_unlock(unsigned long flags)
{
	__acquire(&learners);
	raw_spin_unlock(&learners);
	this_cpu_write(learning, false);
	local_irq_restore(flags);
}

static struct pgtag_node *node_at(u32 i)
{
	return &blocks[i / BLOCK][i % BLOCK];
}

/* From @first on, chained already, to @last; the learners' lock is held. */
static void add_spares(struct pgtag_node *first, struct pgtag_node *last, u32 nr)
{
	last->more = spares;
	WRITE_ONCE(spares, first);
	nr_spares += nr;
}

static struct pgtag_node *take_spare(void)
{
	struct pgtag_node *node = spares;

	if (node) {
		WRITE_ONCE(spares, node->more);
		nr_spares--;
	}
	return node;
}

static int add_block(void)
{
	struct pgtag_node *block = vcalloc(BLOCK, sizeof(*block));
	unsigned long flags;
	u32 i;

	if (!block)
		return -ENOMEM;
	for (i = 0; i < BLOCK - 1; i++)
		block[i].more = &block[i + 1];
	blocks[nr_nodes / BLOCK] = block;
	/* Whoever sees the new number sees the nodes. */
	smp_store_release(&nr_nodes, nr_nodes + BLOCK);
	pgtag_learners_lock(&flags);
	add_spares(block, &block[BLOCK - 1], BLOCK);
	pgtag_learners_unlock(flags);
	return 0;
}

static bool is_short(void)
{
	return READ_ONCE(nr_spares) < enough && nr_nodes < most_nodes;
}

static int fill_stock(void)
{
	int err = 0;

	while (!err && is_short())
		err = add_block();
	return err;
}

static void stock_up(struct work_struct *work);
static PGTAG_ERRAND(stock, stock_up);

static void stock_up(struct work_struct *work)
{
	if (fill_stock())
		pgtag_errand_later(&stock, RETRY);
}

/**
 * pgtag_node_find - find a node by its key
 * @state: where the walk stands before it
 * @ip: the return address
 *
 * Context: any, in a hook, or with the learners' lock. The node may be used until
 * the hook returns.
 * Return: the node or pgtag_nowhere.
 */
const struct pgtag_node *pgtag_node_find(u32 state, unsigned long ip)
{
	const struct pgtag_node *node;

	node = READ_ONCE(*pgtag_node_head(pgtag_node_salt(state), ip));
	while (node != &pgtag_nowhere &&
	       (READ_ONCE(node->ip) != ip || node->state != state))
		node = READ_ONCE(node->more);
	return node;
}

/**
 * pgtag_node_fits - is there room for a node?
 *
 * Context: any. Without the learners' lock this is as good as it was.
 */
bool pgtag_node_fits(void)
{
	return READ_ONCE(spares);
}

/*
 * Not before the first one of its hash, which is the one that is found at once:
 * what comes first is used most.
 */
static struct pgtag_node **link_for(const struct pgtag_node *content)
{
	u32 salt = pgtag_node_salt(content->state);
	struct pgtag_node **head = pgtag_node_head(salt, content->ip);

	return *head == &pgtag_nowhere ? head : &(*head)->more;
}

/**
 * pgtag_node_add - add a node
 * @content: its key and what it says
 *
 * Context: any, with the learners' lock; there is no node of that key.
 * Return: the node, or pgtag_nowhere if there is no room.
 */
const struct pgtag_node *pgtag_node_add(const struct pgtag_node *content)
{
	struct pgtag_node **link = link_for(content);
	struct pgtag_node *node = take_spare();

	if (is_short())
		pgtag_errand_send(&stock);
	if (!node)
		return &pgtag_nowhere;
	node->state = content->state;
	node->next = content->next;
	node->salt = pgtag_node_salt(content->next);
	node->distance = content->distance;
	node->saved = content->saved;
	node->hint = &pgtag_nowhere;
	node->counter = NULL;
	node->given = false;
	node->refuted = 0;
	if (node->distance == PGTAG_NODE_ENDS) {
		node->stamp = pgtag_field.null ^
			      pgtag_field_code(&pgtag_field, node->next);
		node->counter = pgtag_made[node->next];
	}
	node->more = *link;
	/* Whoever finds the address, in its block, finds the rest of the node. */
	smp_store_release(&node->ip, content->ip);
	/* Whoever finds the node, in its chain, finds all of it. */
	smp_store_release(link, node);
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
	/* Pairs with the release in add_block(). */
	while (*i < smp_load_acquire(&nr_nodes)) {
		struct pgtag_node *node = node_at((*i)++);

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
	while (node != &pgtag_nowhere && READ_ONCE(node->ip) != PGTAG_NODE_DEAD)
		node = READ_ONCE(node->more);
	return node != &pgtag_nowhere;
}

/* Who reads a node that is taken out of the chain goes on from there. */
static void take_out(struct pgtag_node **link)
{
	struct pgtag_node *node;

	while ((node = *link) != &pgtag_nowhere) {
		if (node->ip != PGTAG_NODE_DEAD) {
			link = &node->more;
			continue;
		}
		WRITE_ONCE(node->ip, PGTAG_NODE_LEAVING);
		WRITE_ONCE(*link, node->more);
	}
}

static bool take_out_dead(void)
{
	unsigned long flags;
	bool any = false;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(pgtag_node_heads); i++) {
		struct pgtag_node **head = &pgtag_node_heads[i];

		/* There may be dozens of nodes each. */
		cond_resched();
		if (!has_dead(READ_ONCE(*head)))
			continue;
		pgtag_learners_lock(&flags);
		take_out(head);
		pgtag_learners_unlock(flags);
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
	unhint(&pgtag_objects_root);
	while ((node = pgtag_node_next(&i)))
		unhint(node);
}

static void give_back(struct pgtag_node *node)
{
	unsigned long flags;

	pgtag_tag_unreachable(node->next);
	pgtag_learners_lock(&flags);
	WRITE_ONCE(node->ip, PGTAG_NODE_FREE);
	add_spares(node, node, 1);
	pgtag_learners_unlock(flags);
}

static void give_back_all(void)
{
	u32 i;

	/* Pairs with the release in add_block(). */
	for (i = 0; i < smp_load_acquire(&nr_nodes); i++) {
		struct pgtag_node *node = node_at(i);

		if (!(i % STRIDE))
			cond_resched();
		if (READ_ONCE(node->ip) == PGTAG_NODE_LEAVING)
			give_back(node);
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

/**
 * pgtag_nodes_init - make room for nodes
 * @most: how many nodes there may be
 * @stocked: with fewer spare ones a worker is sent for more
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int pgtag_nodes_init(u32 most, u32 stocked)
{
	u32 i;

	pgtag_root.hint = &pgtag_nowhere;
	pgtag_objects_root.hint = &pgtag_nowhere;
	pgtag_objects_root.salt = pgtag_node_salt(PGTAG_STATE_OBJECTS);
	most_nodes = most;
	enough = stocked;
	blocks = kvcalloc(DIV_ROUND_UP(most, BLOCK), sizeof(*blocks), GFP_KERNEL);
	if (!blocks || fill_stock()) {
		pgtag_nodes_exit();
		return -ENOMEM;
	}
	for (i = 0; i < ARRAY_SIZE(pgtag_node_heads); i++)
		pgtag_node_heads[i] = &pgtag_nowhere;
	return 0;
}

/**
 * pgtag_nodes_exit - give the nodes' memory back
 *
 * Context: process context, may sleep. Nobody reads a node any more.
 */
void pgtag_nodes_exit(void)
{
	u32 i;

	pgtag_errand_cancel(&stock);
	for (i = 0; i < nr_nodes; i += BLOCK)
		vfree(blocks[i / BLOCK]);
	nr_nodes = 0;
	nr_spares = 0;
	spares = NULL;
	kvfree(blocks);
	blocks = NULL;
}

/**
 * pgtag_nodes_memory - what the nodes take, in bytes, beside the module itself
 *
 * Context: any.
 */
size_t pgtag_nodes_memory(void)
{
	return READ_ONCE(nr_nodes) * sizeof(struct pgtag_node) +
	       DIV_ROUND_UP(most_nodes, BLOCK) * sizeof(*blocks);
}

/**
 * pgtag_nodes_most - how many nodes there may be
 *
 * Context: any.
 */
u32 pgtag_nodes_most(void)
{
	return most_nodes;
}
