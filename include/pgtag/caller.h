/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a stack slot to the tag of the call site.
 */
#ifndef PGTAG_CALLER_H
#define PGTAG_CALLER_H

#include <linux/types.h>

#include <pgtag/names.h>
#include <pgtag/nodes.h>

int pgtag_caller_init(unsigned int frames);
void pgtag_caller_exit(void);
u32 pgtag_caller_index(const struct pgtag_node *root, const unsigned long *slot,
		       unsigned long pointer, unsigned long given);
u32 pgtag_caller_unwind(const struct pgtag_node *root, const unsigned long *slot);
void pgtag_caller_check(struct pgtag_node *root, const unsigned long *slot,
			unsigned long pointer, unsigned long given);
void pgtag_caller_forget(unsigned long start, unsigned long end);
void pgtag_caller_relearn(const struct pgtag_names *names);

/* The node that follows @last on this stack; false if it is not found at once. */
static __always_inline bool
pgtag_caller_step(const struct pgtag_node **node, const struct pgtag_node *last,
		  const struct pgtag_stack *stack)
{
	unsigned long ip = pgtag_stack_word(stack);

	*node = READ_ONCE(last->hint);
	return (*node)->ip == ip || pgtag_node_first(node, last, ip);
}

/**
 * pgtag_caller_quick - the call site, if it is found at once
 * @site: the node of its tag
 * @root: what was allocated, &pgtag_root or &pgtag_objects_root
 * @slot: where the first return address lies, inside the allocator
 *
 * Walks up the stack from node to node, until one leads off it. Every word is read
 * from the stack this CPU runs on, whatever has been learned: a distance that goes
 * beyond its end ends the walk, too. Two steps a round, so that no register needs to
 * be moved for the next one.
 *
 * Context: any, with RCU watching. Calls nothing and writes nothing.
 * Return: its counters, or NULL if some node is not found at once or the path does
 * not end where the walk does: ask pgtag_caller_index().
 */
static __always_inline struct pgtag_counter __percpu *
pgtag_caller_quick(const struct pgtag_node **site, const struct pgtag_node *root,
		   const unsigned long *slot)
{
	const struct pgtag_node *last;
	struct pgtag_stack stack;

	if (unlikely(!pgtag_stack_find(&stack, slot)) ||
	    !pgtag_caller_step(&last, root, &stack))
		return NULL;
	for (;;) {
		*site = last;
		if (!pgtag_stack_up(&stack, last->distance))
			break;
		if (!pgtag_caller_step(site, last, &stack))
			return NULL;
		if (!pgtag_stack_up(&stack, (*site)->distance))
			break;
		if (!pgtag_caller_step(&last, *site, &stack))
			return NULL;
	}
	return (*site)->counter;
}

/**
 * pgtag_caller_told - as pgtag_caller_quick(), where the event says who called
 * @site: the node of its tag
 * @root: what was allocated
 * @slot: where the first return address lies
 * @given: the return address that follows it, as the event says
 *
 * Where that is known to be true, nothing is read from the stack: functions that align
 * it have no distance that is a constant.
 *
 * Context: as pgtag_caller_quick().
 * Return: as pgtag_caller_quick().
 */
static __always_inline struct pgtag_counter __percpu *
pgtag_caller_told(const struct pgtag_node **site, const struct pgtag_node *root,
		  const unsigned long *slot, unsigned long given)
{
	const struct pgtag_node *first = READ_ONCE(root->hint);
	struct pgtag_counter __percpu *counter;

	if ((likely(first->ip == pgtag_slot_word(slot)) ||
	     pgtag_node_first(&first, root, pgtag_slot_word(slot))) &&
	    likely(READ_ONCE(first->given))) {
		*site = READ_ONCE(first->hint);
		if ((*site)->ip == given || pgtag_node_first(site, first, given)) {
			counter = (*site)->counter;
			if (likely(counter))
				return counter;
		}
	}
	return pgtag_caller_quick(site, root, slot);
}

#endif
