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
 * when a module's code goes: then nobody finds them any more, and a worker gives
 * them back once every reader has left. Each node has a place, by its hash; where
 * that is taken it is a spare one, in a chain from there. So nothing is left of
 * a node that was removed, however often that happens.
 *
 * Whatever is not in the table, or has no distance that is proven, is asked
 * of the unwinder. That is also how a return address comes out right that a
 * tracer replaced by its trampoline: it is in no table.
 *
 * Code that is neither the kernel's nor a module's (BPF programs and their
 * trampolines, those of ftrace) is nobody's site and in no path: below the site
 * it is passed through, above it the path ends. A node says so, for the answer
 * must not need the lock each time, and it promises no distance. Its memory may
 * be other such code tomorrow, of which the same is true, or a module's, before
 * which the node is forgotten.
 */
#include <linux/irq_work.h>
#include <linux/kallsyms.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include <pgtag/api.h>
#include <pgtag/caller.h>
#include <pgtag/names.h>
#include <pgtag/stats.h>
#include <pgtag/tags.h>

/*
 * log2 of the number of places: with sites alone, and with paths. That many
 * nodes find as good as all of them free: of PGTAG_MAX_TAGS every fifth one needs
 * a spare node, of PGTAG_MAX_PATHS every fourth, and there are more than twice
 * and half as many again for sites and a fifth more for paths.
 */
#define SITE_BITS	15
#define PATH_BITS	18
#define SPARES(places)	((places) / 4)

/* So many nodes of code that comes and goes are too many: forget them. */
#define FOREIGN(places)	((places) / 8)

/* Values of a node's ip that are no address. */
#define NODE_FREE	0UL
#define NODE_DEAD	1UL	/* removed */
#define NODE_LEAVING	2UL	/* removed, and being taken away */

/* Where no walk stands: nodes that keep the tag of a site without a node. */
#define STATE_KEPT	U32_MAX

/* Loops over nodes let others run every so often, a power of two. */
#define STRIDE		4096

struct pgtag_node *pgtag_nodes __read_mostly;
unsigned int pgtag_nodes_shift __read_mostly;

static u32 nr_places;
static u32 nr_nodes;		/* places and spare nodes */
static u32 spares;		/* first spare node, 0 for none */
static u32 nr_foreign;		/* nodes that lead nowhere */
static unsigned int depth;	/* frames of a path, 1 for sites */
static DEFINE_RAW_SPINLOCK(learners);
static DEFINE_MUTEX(removers);

/* Says "not known" to every address: it has none, and leads nowhere. */
static const struct pgtag_node nowhere;

/* Where every walk starts; its hint is the frame next to the trace event. */
struct pgtag_node pgtag_root __read_mostly = { .hint = &nowhere };

static struct pgtag_node *place_of(u32 state, unsigned long ip)
{
	return &pgtag_nodes[pgtag_node_hash(state, ip)];
}

/*
 * The node of (@state, @ip), or NULL. It may be used until the hook returns
 * that asks for it.
 */
static const struct pgtag_node *find(u32 state, unsigned long ip)
{
	const struct pgtag_node *node = place_of(state, ip);
	u32 more;

	for (;;) {
		/* Pairs with the release in add(). */
		if (smp_load_acquire(&node->ip) == ip && node->state == state)
			return node;
		more = READ_ONCE(node->more);
		if (!more)
			return NULL;
		node = &pgtag_nodes[more];
	}
}

static bool has_room(u32 state, unsigned long ip)
{
	return READ_ONCE(place_of(state, ip)->ip) == NODE_FREE ||
	       READ_ONCE(spares);
}

/* The learners' lock is held. Returns NULL if there is no room. */
static const struct pgtag_node *add(const struct pgtag_node *content)
{
	struct pgtag_node *place = place_of(content->state, content->ip);
	struct pgtag_node *node = place;

	if (place->ip != NODE_FREE) {
		if (!spares)
			return NULL;
		node = &pgtag_nodes[spares];
		WRITE_ONCE(spares, node->more);
		WRITE_ONCE(node->more, place->more);
	}
	node->state = content->state;
	node->next = content->next;
	node->distance = content->distance;
	node->hint = &nowhere;
	/* Whoever finds the address finds the rest of the node. */
	smp_store_release(&node->ip, content->ip);
	if (node != place) {
		/* Nobody comes along the chain and finds what it was before. */
		smp_store_release(&place->more, node - pgtag_nodes);
	}
	return node;
}

/* The symbol around a call; kallsyms takes no lock and works in NMI. */
static const char *symbol_of_call(unsigned long ip, char *symbol)
{
	rcu_read_lock();
	/* After a call that never returns, ip is in the next function. */
	sprint_symbol(symbol, ip - 1);
	rcu_read_unlock();
	return symbol;
}

/* Does a walk that has come to this path end there? */
static bool path_ends(u32 index)
{
	return pgtag_tag_depth(index) >= depth || !pgtag_tag_accurate(index);
}

/* A site that was forgotten as part of the API may have a tag. */
static u32 tag_of(unsigned long ip, u32 state)
{
	const struct pgtag_node *kept = state ? NULL : find(STATE_KEPT, ip);

	return kept ? kept->next : pgtag_tag_new(ip, state);
}

static void tidy_up(struct work_struct *work);
static DECLARE_WORK(tidy_work, tidy_up);

/* Work cannot be queued from every context; this interrupt can. */
static void order_tidying(struct irq_work *work)
{
	schedule_work(&tidy_work);
}

static DEFINE_IRQ_WORK(tidy_order, order_tidying);

static void count_foreign(void)
{
	if (++nr_foreign >= FOREIGN(nr_places))
		irq_work_queue(&tidy_order);
}

/*
 * Is this address neither in the kernel nor in a module? BPF's have a name
 * like a kernel function's, but lie where modules do.
 */
static bool is_foreign(unsigned long ip, const char *symbol)
{
	return pgtag_symbol_raw(symbol) ||
	       (pgtag_ip_of_module(ip) && !strchr(symbol, '['));
}

static const struct pgtag_node *add_node(u32 state,
					 const struct pgtag_frames *frames)
{
	static char symbol[KSYM_SYMBOL_LEN];	/* under the learners' lock */
	struct pgtag_node node = { .ip = frames->ip, .state = state };

	if (!has_room(state, frames->ip))
		return NULL;
	symbol_of_call(frames->ip, symbol);
	if (is_foreign(frames->ip, symbol)) {
		node.next = state;
		count_foreign();
		return add(&node);
	}
	/* Only up to the site: above it the API's functions are as any other. */
	if (state || !pgtag_api_has(symbol)) {
		node.next = tag_of(frames->ip, state);
		if (!node.next)
			return NULL;
	}
	if (!node.next || !path_ends(node.next))
		node.distance = pgtag_frames_distance(frames);
	return add(&node);
}

/* Is this a trampoline that the unwinder took for a return address? */
static bool returns_to_graph(unsigned long ip)
{
	static char symbol[KSYM_SYMBOL_LEN];	/* under the learners' lock */

	sprint_symbol(symbol, ip);
	return str_has_prefix(symbol, "return_to_handler+0x0/");
}

/* The learners' lock is held. */
static const struct pgtag_node *find_or_add(u32 state,
					    struct pgtag_frames *frames)
{
	const struct pgtag_node *node = find(state, frames->ip);

	if (node)
		return node;
	if (returns_to_graph(frames->ip)) {
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

	/* Where nothing can be learned nobody queues up for it. */
	if (!has_room(state, frames->ip) || pgtag_tags_short())
		return NULL;
	pgtag_count(PGTAG_STAT_LEARNED);
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
		if (!node) {
			/* Late sites share a tag, if that was asked for. */
			state = state ? state : pgtag_tags_shared();
			break;
		}
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
	u32 state = node->state;

	return (node->ip >= going->start && node->ip < going->end) ||
	       (state != STATE_KEPT && pgtag_tag_gone(state)) ||
	       pgtag_tag_gone(node->next);
}

/* Is this a call in the function of that name, next to the allocator? */
static bool node_in_function(const struct pgtag_node *node, const void *arg)
{
	static char symbol[KSYM_SYMBOL_LEN];	/* under the removers' lock */
	const char *name = arg;
	size_t length;

	if (node->state)
		return false;
	symbol_of_call(node->ip, symbol);
	length = pgtag_name_length(symbol);
	return !strncmp(symbol, name, length) && !name[length];
}

/* One that leads nowhere: foreign, or an API frame that needs the unwinder. */
static bool node_is_foreign(const struct pgtag_node *node, const void *arg)
{
	return node->next == node->state && !node->distance;
}

static unsigned long ip_of(const struct pgtag_node *node)
{
	/* Pairs with the release in add(): the rest of it is there. */
	return smp_load_acquire(&node->ip);
}

/*
 * Nobody finds the nodes that match any more. What a node says never changes
 * while its address is there; if somebody else removed it meanwhile, so be it.
 */
static bool mark(bool (*match)(const struct pgtag_node *node, const void *arg),
		 const void *arg)
{
	bool any = false;
	u32 i;

	for (i = 0; i < nr_nodes; i++) {
		struct pgtag_node *node = &pgtag_nodes[i];
		unsigned long ip = ip_of(node);

		if (!(i % STRIDE))
			cond_resched();
		if (ip > NODE_LEAVING && match(node, arg))
			any |= cmpxchg(&node->ip, ip, NODE_DEAD) == ip;
	}
	return any;
}

/* Sites that are learned anew find the tags they have. */
static void keep_tags(const char *name)
{
	u32 i;

	for (i = 0; i < nr_nodes; i++) {
		const struct pgtag_node *node = &pgtag_nodes[i];
		struct pgtag_node kept = { .state = STATE_KEPT };

		if (!(i % STRIDE))
			cond_resched();
		kept.ip = ip_of(node);
		if (kept.ip <= NODE_LEAVING || !node->next ||
		    !node_in_function(node, name))
			continue;
		kept.next = node->next;
		raw_spin_lock_irq(&learners);
		if (!find(STATE_KEPT, kept.ip))
			add(&kept);
		raw_spin_unlock_irq(&learners);
	}
}

/* Only under the removers' lock does a chain get shorter. */
static bool has_dead(const struct pgtag_node *node)
{
	while (READ_ONCE(node->ip) != NODE_DEAD) {
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

	if (place->ip == NODE_DEAD)
		WRITE_ONCE(place->ip, NODE_LEAVING);
	while (last->more) {
		struct pgtag_node *node = &pgtag_nodes[last->more];

		if (node->ip != NODE_DEAD) {
			last = node;
			continue;
		}
		WRITE_ONCE(node->ip, NODE_LEAVING);
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
		raw_spin_lock_irq(&learners);
		take_out(&pgtag_nodes[i]);
		raw_spin_unlock_irq(&learners);
		any = true;
	}
	return any;
}

static void unhint(struct pgtag_node *node)
{
	if (READ_ONCE(READ_ONCE(node->hint)->ip) == NODE_LEAVING)
		WRITE_ONCE(node->hint, &nowhere);
}

static void unhint_all(void)
{
	u32 i;

	unhint(&pgtag_root);
	for (i = 0; i < nr_nodes; i++) {
		if (!(i % STRIDE))
			cond_resched();
		if (READ_ONCE(pgtag_nodes[i].ip) > NODE_LEAVING)
			unhint(&pgtag_nodes[i]);
	}
}

static void give_back(u32 i)
{
	struct pgtag_node *node = &pgtag_nodes[i];

	pgtag_tag_unreachable(node->next);
	raw_spin_lock_irq(&learners);
	WRITE_ONCE(node->ip, NODE_FREE);
	if (i >= nr_places) {
		node->more = spares;
		WRITE_ONCE(spares, i);
	}
	raw_spin_unlock_irq(&learners);
}

static void give_back_all(void)
{
	u32 i;

	for (i = 0; i < nr_nodes; i++) {
		if (!(i % STRIDE))
			cond_resched();
		if (READ_ONCE(pgtag_nodes[i].ip) == NODE_LEAVING)
			give_back(i);
	}
}

/*
 * Trace events are in sections of SRCU (from 7.0 on) or with preemption off,
 * hooks of functions' exits with preemption off. Those of entries look at no node.
 */
static void wait_for_readers(void)
{
	tracepoint_synchronize_unregister();
	synchronize_rcu();
}

/*
 * Take removed nodes away. After the first wait no reader stands in a chain on
 * one, nor has just found one to make it a hint, so hints to them can be taken
 * away for good. After the second no reader holds such a hint: then a node may
 * be another one. The removers' lock is held.
 */
static void tidy(void)
{
	if (!take_out_dead())
		return;
	wait_for_readers();
	unhint_all();
	wait_for_readers();
	give_back_all();
}

static void forget_foreign(void)
{
	bool many;

	raw_spin_lock_irq(&learners);
	many = nr_foreign >= FOREIGN(nr_places);
	if (many)
		nr_foreign = 0;
	raw_spin_unlock_irq(&learners);
	if (many)
		mark(node_is_foreign, NULL);
}

static void tidy_up(struct work_struct *work)
{
	mutex_lock(&removers);
	forget_foreign();
	tidy();
	mutex_unlock(&removers);
	pgtag_tags_reclaim();
}

/**
 * pgtag_caller_forget - the addresses of this code are not its own for long
 * @start: first address
 * @end: one past the last
 *
 * Waits for nobody. Nothing runs between @start and @end (but asynchronous
 * functions of an init section, see modules.c), so such an address is on no stack, and no hook is under way that has read one: it would run above
 * it on that same stack. So none adds a node of the range after it was looked
 * for, stands on one, or charges a tag whose path leads through it. Whoever
 * made sure that nothing runs there any more saw all that ran there do its
 * writes, nodes among them. What is left is the memory of the nodes: a worker
 * waits for the readers that pass by.
 *
 * Context: process context, may sleep. pgtag_tags_forget() has been told.
 */
void pgtag_caller_forget(unsigned long start, unsigned long end)
{
	const struct going going = { start, end };

	if (mark(node_goes, &going))
		schedule_work(&tidy_work);
}

/**
 * pgtag_caller_relearn - a function became part of the API, or no longer is
 * @name: the function
 *
 * Context: process context, may sleep. When this returns, no learner uses what
 * was said of the function before.
 */
void pgtag_caller_relearn(const char *name)
{
	/* What they learned from that is in the table then. */
	wait_for_readers();
	mutex_lock(&removers);
	keep_tags(name);
	mark(node_in_function, name);
	tidy();
	mutex_unlock(&removers);
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
 * pgtag_caller_init - make room for nodes
 * @frames: how many frames a path has
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int pgtag_caller_init(unsigned int frames)
{
	unsigned int bits = frames > 1 ? PATH_BITS : SITE_BITS;

	nr_places = 1U << bits;
	nr_nodes = nr_places + SPARES(nr_places);
	pgtag_nodes_shift = 64 - bits;
	nr_foreign = 0;
	depth = frames;
	pgtag_root.hint = &nowhere;
	pgtag_nodes = vcalloc(nr_nodes, sizeof(*pgtag_nodes));
	if (!pgtag_nodes)
		return -ENOMEM;
	chain_spares();
	return 0;
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
	irq_work_sync(&tidy_order);
	cancel_work_sync(&tidy_work);
	vfree(pgtag_nodes);
	pgtag_nodes = NULL;
}
