// SPDX-License-Identifier: GPL-2.0
/*
 * A tree of call paths. Its nodes are in a hash table (nodes.c).
 *
 * A node is found by (where the walk stands, return address) and says where
 * the walk stands next and how far up the stack the caller's return address
 * lies. Inside the allocator API the walk stands at the root; the first
 * address outside is a site, and its node has the site's tag.
 *
 * Whatever is not in the table, or has no distance that is proven, is asked
 * of the unwinder. That is also how a return address comes out right that a
 * tracer replaced by its trampoline: it is in no table. A path ends early only
 * where the kernel was entered or a task begins.
 *
 * Code that is neither the kernel's nor a module's (BPF programs and their
 * trampolines, those of ftrace) is nobody's site and in no path: below the site
 * it is passed through, above it the path ends. A node says so, for the answer
 * must not need the lock each time, and it promises no distance. Its memory may
 * be other such code tomorrow, of which the same is true, or a module's, before
 * which the node is forgotten.
 */
#include <linux/kallsyms.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include <pgtag/api.h>
#include <pgtag/caller.h>
#include <pgtag/names.h>
#include <pgtag/stats.h>
#include <pgtag/tags.h>
#include <pgtag/work.h>

/* For each tag one node, and what is on the way there. */
#define NODES(tags)	((tags) * 3 / 2)

/* So many nodes of code that comes and goes are too many: forget them. */
#define FOREIGN(most)	((most) / 8)

/* The unwinder is asked for so many frames of the allocator API, and those of the path. */
#define API_FRAMES	64

/* So often an event says of its caller what is not so, and it is not asked any more. */
#define REFUTED		16

/* Where no walk stands: nodes that keep the tag of a site without a node. */
#define STATE_KEPT	(U32_MAX - CODETAG_ID_EMPTY)

/* Does a walk that stands here have no site yet? */
static bool in_api(u32 state)
{
	return state < CODETAG_ID_FIRST;
}

static bool is_kept(u32 state)
{
	return state >= STATE_KEPT;
}

static u32 nr_foreign;		/* nodes that lead nowhere */
static unsigned int depth;	/* frames of a path, 1 for sites */
static char met[KSYM_SYMBOL_LEN];	/* a symbol; under the learners' lock */

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
	u32 kept = in_api(state) ? pgtag_node_find(STATE_KEPT + state, ip)->next : 0;

	return kept ? kept : pgtag_tag_new(ip, state);
}

static void tidy_up(struct work_struct *work);
static PGTAG_ERRAND(tidying, tidy_up);

static void count_foreign(void)
{
	if (++nr_foreign >= FOREIGN(pgtag_nodes_most()))
		pgtag_errand_send(&tidying);
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

/* How far does a walk that has come to node->next go on? */
static void add_distance(struct pgtag_node *node, const struct pgtag_frames *frames)
{
	struct pgtag_step step;

	if (!in_api(node->next) && (path_ends(node->next) || pgtag_frames_last(frames))) {
		node->distance = PGTAG_NODE_ENDS;
	} else if (pgtag_frames_step(frames, &step)) {
		node->distance = step.distance +
				 (step.by_pointer ? PGTAG_NODE_POINTER : 0);
		node->saved = step.saved;
	} else {
		node->distance = PGTAG_NODE_ASKS;
	}
}

static const struct pgtag_node *add_node(u32 state,
					 const struct pgtag_frames *frames)
{
	struct pgtag_node node = {
		.ip = frames->ip,
		.state = state,
	};

	if (!pgtag_node_fits())
		return &pgtag_nowhere;
	symbol_of_call(frames->ip, met);
	if (is_foreign(frames->ip, met)) {
		node.next = state;
		node.distance = in_api(state) ? PGTAG_NODE_ASKS : PGTAG_NODE_ENDS;
		count_foreign();
		return pgtag_node_add(&node);
	}
	/* Only up to the site: above it the API's functions are as any other. */
	node.next = state;
	if (!in_api(state) || !pgtag_api_has(met, state == PGTAG_STATE_OBJECTS)) {
		node.next = tag_of(frames->ip, state);
		if (!node.next)
			return &pgtag_nowhere;
	}
	add_distance(&node, frames);
	return pgtag_node_add(&node);
}

/* The learners' lock is held. */
static const struct pgtag_node *find_or_add(u32 state,
					    const struct pgtag_frames *frames)
{
	const struct pgtag_node *node = pgtag_node_find(state, frames->ip);

	return node != &pgtag_nowhere ? node : add_node(state, frames);
}

static const struct pgtag_node *learn(u32 state,
				      const struct pgtag_frames *frames)
{
	const struct pgtag_node *node;
	unsigned long flags;

	/* Where nothing can be learned nobody queues up for it. */
	if (!pgtag_node_fits() || pgtag_tags_short())
		return &pgtag_nowhere;
	pgtag_count(PGTAG_STAT_LEARNED);
	if (!pgtag_learners_lock(&flags))
		return &pgtag_nowhere;
	node = find_or_add(state, frames);
	pgtag_learners_unlock(flags);
	return node;
}

/**
 * pgtag_caller_unwind - the tag of the call site, by the unwinder alone
 * @root: what was allocated, &pgtag_root or &pgtag_objects_root
 * @slot: where the first return address lies, inside the allocator
 *
 * Learns what was not known on the way.
 *
 * Context: any, with RCU watching. Allocates nothing.
 * Return: the index, or 0 if there is none to be had (counted as dropped).
 */
u32 pgtag_caller_unwind(const struct pgtag_node *root, const unsigned long *slot)
{
	const struct pgtag_node *node;
	struct pgtag_frames frames;
	bool more = pgtag_frames_start(&frames, slot);
	unsigned int left = API_FRAMES + depth;
	u32 state = root->next;

	pgtag_count(PGTAG_STAT_UNWOUND);
	for (; more && left; more = pgtag_frames_next(&frames), left--) {
		node = pgtag_node_find(state, frames.ip);
		if (node == &pgtag_nowhere)
			node = learn(state, &frames);
		if (node == &pgtag_nowhere) {
			/* Late sites share a tag, if that was asked for. */
			state = in_api(state) ? pgtag_tags_shared(state) : state;
			break;
		}
		state = node->next;
		if (READ_ONCE(node->distance) == PGTAG_NODE_ENDS)
			break;
	}
	if (!in_api(state))
		return state;
	pgtag_count(PGTAG_STAT_DROPPED);
	return 0;
}

/**
 * struct place - where a walk by nodes stands
 * @stack: the slot
 * @ip: the return address there, the real one
 * @pointer: the frame pointer as it was when that call was made
 * @known: whether it is
 */
struct place {
	struct pgtag_stack stack;
	unsigned long ip;
	unsigned long pointer;
	bool known;
};

/* Have the unwinder go one frame up, from where the walk has come to. */
static bool ask(struct place *place)
{
	struct pgtag_frames frames;

	if (PGTAG_RESUME_NEEDS_POINTER && !place->known)
		return false;
	pgtag_count(PGTAG_STAT_ASKED);
	if (!pgtag_frames_resume(&frames, place->ip, pgtag_stack_slot(&place->stack),
				 place->pointer))
		return false;
	place->ip = frames.ip;
	place->pointer = pgtag_frames_pointer(&frames);
	return pgtag_stack_find(&place->stack, frames.slot);
}

/* Does the frame pointer lead to the caller? */
static bool is_by_pointer(unsigned long distance)
{
	return distance >= PGTAG_NODE_POINTER && distance < PGTAG_NODE_ASKS;
}

/* Go up as @node says, if it says how. */
static bool step_up(struct place *place, const struct pgtag_node *node,
		    unsigned long distance)
{
	const unsigned long *slot;

	if (is_by_pointer(distance))
		return place->known &&
		       pgtag_stack_up_by_pointer(&place->stack, &place->pointer,
						 distance - PGTAG_NODE_POINTER);
	if (!pgtag_stack_up(&place->stack, distance))
		return false;
	if (node->saved) {
		slot = pgtag_stack_slot(&place->stack);
		/* Between this slot and the one the walk stood on. */
		place->pointer = slot[-(long)(node->saved / sizeof(long))];
		place->known = true;
	}
	return true;
}

static bool go_up(struct place *place, const struct pgtag_node *node)
{
	unsigned long distance = READ_ONCE(node->distance);

	if (distance == PGTAG_NODE_ASKS)
		return ask(place);
	if (!step_up(place, node, distance))
		return false;
	place->ip = pgtag_stack_word(&place->stack);
	return true;
}

/* The tag of the call site if the event says which that is, and a path has no more. */
static u32 index_given(const struct pgtag_node *first, unsigned long given)
{
	const struct pgtag_node *site;

	if (!READ_ONCE(first->given))
		return 0;
	site = pgtag_node_find(first->next, given);
	return site->counter ? site->next : 0;
}

/*
 * The tag of the call site if all nodes on the way are known, else 0. Where one has no
 * distance, the unwinder starts there: all it needs to know is the frame pointer, which
 * the handler knows at first, and the nodes say which of them kept it last, and where.
 * Each step leads up the stack, and none off it.
 */
static u32 index_by_nodes(const struct pgtag_node *root, const unsigned long *slot,
			  unsigned long pointer, unsigned long given)
{
	const struct pgtag_node *node = pgtag_node_find(root->next, pgtag_slot_word(slot));
	u32 state = index_given(node, given);
	struct place place = {
		.ip = pgtag_slot_word(slot),
		.pointer = pointer,
		.known = pointer,
	};

	if (state || !pgtag_stack_find(&place.stack, slot))
		return state;
	while (node != &pgtag_nowhere) {
		state = node->next;
		if (READ_ONCE(node->distance) == PGTAG_NODE_ENDS)
			return state;
		if (!go_up(&place, node))
			break;
		node = pgtag_node_find(state, place.ip);
	}
	return 0;
}

/*
 * Learn whether an event says who called. Some functions pass on what their caller says
 * of its own caller. That is never the address they return to: it lies after a call of
 * this caller, and the other after one in it. So if both are the same once they always
 * are, and if not they never are; but a tracer may stand between them for a while.
 */
static void learn_given(const struct pgtag_node *root, const unsigned long *slot,
			unsigned long given)
{
	struct pgtag_frames frames;
	struct pgtag_node *node;

	node = (struct pgtag_node *)pgtag_node_find(root->next, pgtag_slot_word(slot));
	if (node == &pgtag_nowhere || !in_api(node->next) || node->given ||
	    READ_ONCE(node->refuted) >= REFUTED)
		return;
	if (!pgtag_frames_start(&frames, slot) || frames.ip != pgtag_slot_word(slot) ||
	    !pgtag_frames_next(&frames))
		return;
	if (frames.ip == given)
		WRITE_ONCE(node->given, true);
	else
		WRITE_ONCE(node->refuted, node->refuted + 1);
}

/**
 * pgtag_caller_index - the tag of the call site
 * @root: what was allocated, &pgtag_root or &pgtag_objects_root
 * @slot: where the first return address lies, inside the allocator
 * @pointer: the frame pointer as it was when that call was made, 0 if not known
 * @given: the return address that follows it, if the event says so, else 0
 *
 * Context: any, with RCU watching. Allocates nothing.
 * Return: the index, or 0 if there is none to be had (counted as dropped).
 */
u32 pgtag_caller_index(const struct pgtag_node *root, const unsigned long *slot,
		       unsigned long pointer, unsigned long given)
{
	u32 index = index_by_nodes(root, slot, pointer, given);

	if (index)
		return index;
	index = pgtag_caller_unwind(root, slot);
	if (given)
		learn_given(root, slot, given);
	return index;
}

/*
 * Compare one node with the unwinder and go on to its caller. A node that is
 * wrong loses its distance, and with it the right to be used unasked.
 */
static bool check_step(struct pgtag_node *node, unsigned long distance,
		       struct pgtag_frames *frames)
{
	struct place place = { .pointer = pgtag_frames_pointer(frames), .known = true };
	bool up = pgtag_stack_find(&place.stack, frames->slot) &&
		  step_up(&place, node, distance);
	bool more = pgtag_frames_next(frames);

	/* It promised nothing, or does so no more. */
	if (distance == PGTAG_NODE_ASKS)
		return more;
	if (more && up && frames->slot == pgtag_stack_slot(&place.stack) &&
	    place.pointer == pgtag_frames_pointer(frames))
		return true;
	WRITE_ONCE(node->distance, PGTAG_NODE_ASKS);
	return false;
}

/* What an event said of its caller was wrong, if that is what was trusted. */
static void distrust(u32 state, unsigned long ip)
{
	struct pgtag_node *node = (struct pgtag_node *)pgtag_node_find(state, ip);

	if (node->given)
		WRITE_ONCE(node->given, false);
}

/**
 * pgtag_caller_check - compare what nodes say with the unwinder
 * @root: what was allocated
 * @slot: where the first return address lies
 * @pointer: as for pgtag_caller_index()
 * @given: as for pgtag_caller_index()
 *
 * Called for a sample of allocations, for ever. As the only place that knows
 * a path that is in use and may write, it also points each node's hint to
 * the one that followed. What the unwinder itself has to say is not compared.
 *
 * Context: as pgtag_caller_index().
 */
void pgtag_caller_check(struct pgtag_node *root, const unsigned long *slot,
			unsigned long pointer, unsigned long given)
{
	u32 index = index_by_nodes(root, slot, pointer, given);
	struct pgtag_node *last = root;
	struct pgtag_frames frames;
	struct pgtag_node *node;
	unsigned long distance;
	u32 state = root->next;

	if (!pgtag_frames_start(&frames, slot))
		return;
	if (pointer && pointer != pgtag_frames_pointer(&frames))
		pgtag_count(PGTAG_STAT_WRONG);
	if (!index)
		return;
	pgtag_count(PGTAG_STAT_CHECKED);
	for (;;) {
		node = (struct pgtag_node *)pgtag_node_find(state, frames.ip);
		if (node == &pgtag_nowhere)
			break;
		if (READ_ONCE(last->hint) != node)
			WRITE_ONCE(last->hint, node);
		state = node->next;
		distance = READ_ONCE(node->distance);
		if (distance == PGTAG_NODE_ENDS)
			break;
		if (!check_step(node, distance, &frames)) {
			state = 0;
			break;
		}
		last = node;
	}
	if (state != index) {
		pgtag_count(PGTAG_STAT_WRONG);
		distrust(root->next, pgtag_slot_word(slot));
	}
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
	       (!is_kept(state) && pgtag_tag_gone(state)) ||
	       pgtag_tag_gone(node->next);
}

/* Is this a call in a function of those names, next to the allocator? */
static bool node_in_functions(const struct pgtag_node *node, const void *arg)
{
	static char symbol[KSYM_SYMBOL_LEN];	/* under the removers' lock */
	const struct pgtag_names *names = arg;
	unsigned int i;

	if (!in_api(node->state))
		return false;
	symbol_of_call(node->ip, symbol);
	for (i = 0; i < names->nr; i++) {
		if (pgtag_name_same(symbol, names->name[i]))
			return true;
	}
	return false;
}

/* One that leads nowhere: foreign, or an API frame that needs the unwinder. */
static bool node_is_foreign(const struct pgtag_node *node, const void *arg)
{
	return node->next == node->state && node->distance >= PGTAG_NODE_ASKS;
}

/* Sites that are learned anew find the tags they have. */
static void keep_tags(const struct pgtag_names *names)
{
	const struct pgtag_node *node;
	unsigned long flags;
	u32 i = 0;

	while ((node = pgtag_node_next(&i))) {
		struct pgtag_node kept = { };

		/* Whoever finds the address finds the rest of the node. */
		kept.ip = smp_load_acquire(&node->ip);
		if (kept.ip <= PGTAG_NODE_LEAVING || in_api(node->next) ||
		    !node_in_functions(node, names))
			continue;
		kept.state = STATE_KEPT + node->state;
		kept.next = node->next;
		pgtag_learners_lock(&flags);
		if (pgtag_node_find(kept.state, kept.ip) == &pgtag_nowhere)
			pgtag_node_add(&kept);
		pgtag_learners_unlock(flags);
	}
}

static void forget_foreign(void)
{
	unsigned long flags;
	bool many;

	pgtag_learners_lock(&flags);
	many = nr_foreign >= FOREIGN(pgtag_nodes_most());
	if (many)
		nr_foreign = 0;
	pgtag_learners_unlock(flags);
	if (many)
		pgtag_nodes_mark(node_is_foreign, NULL);
}

static void tidy_up(struct work_struct *work)
{
	mutex_lock(&pgtag_removers);
	forget_foreign();
	pgtag_nodes_tidy();
	mutex_unlock(&pgtag_removers);
	pgtag_tags_reclaim();
}

/**
 * pgtag_caller_forget - the addresses of this code are not its own for long
 * @start: first address
 * @end: one past the last
 *
 * Waits for nobody. Nothing runs between @start and @end (but asynchronous
 * functions of an init section, see modules.c), so such an address is on no stack,
 * and no hook is under way that has read one: it would run above it on that same
 * stack. So none adds a node of the range after it was looked for, stands on one,
 * or charges a tag whose path leads through it. Whoever made sure that nothing runs
 * there any more saw all that ran there do its writes, nodes among them. What is
 * left is the memory of the nodes: a worker waits for the readers that pass by.
 *
 * Context: process context, may sleep. pgtag_tags_forget() has been told.
 */
void pgtag_caller_forget(unsigned long start, unsigned long end)
{
	const struct going going = { start, end };

	if (pgtag_nodes_mark(node_goes, &going))
		pgtag_errand_later(&tidying, 0);
}

/**
 * pgtag_caller_relearn - functions became part of the API, or no longer are
 * @names: the functions
 *
 * Context: process context, may sleep. When this returns, no learner uses what
 * was said of the functions before.
 */
void pgtag_caller_relearn(const struct pgtag_names *names)
{
	/* What they learned from that is in the table then. */
	pgtag_nodes_wait();
	mutex_lock(&pgtag_removers);
	keep_tags(names);
	pgtag_nodes_mark(node_in_functions, names);
	pgtag_nodes_tidy();
	mutex_unlock(&pgtag_removers);
}

/**
 * pgtag_caller_init - make room for nodes
 * @frames: how many frames a path has
 *
 * Context: process context, may sleep.
 * Return: 0, -ENOMEM, or an error of pgtag_frames_init().
 */
int pgtag_caller_init(unsigned int frames)
{
	int ret = pgtag_frames_init();

	if (ret)
		return ret;
	nr_foreign = 0;
	depth = frames;
	if (frames > 1)
		return pgtag_nodes_init(NODES(PGTAG_MAX_PATHS), PGTAG_PATHS_STOCK);
	return pgtag_nodes_init(NODES(PGTAG_MAX_TAGS), PGTAG_SITES_STOCK);
}

/**
 * pgtag_caller_exit - forget all paths
 *
 * Context: process context, may sleep. No hook may run any more.
 */
void pgtag_caller_exit(void)
{
	pgtag_errand_cancel(&tidying);
	pgtag_nodes_exit();
}
