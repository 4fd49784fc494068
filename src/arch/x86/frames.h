/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Return addresses on an x86-64 kernel stack, by the ORC unwinder.
 */
#ifndef PGTAG_ARCH_FRAMES_H
#define PGTAG_ARCH_FRAMES_H

#include <linux/align.h>
#include <linux/overflow.h>
#include <linux/percpu.h>
#include <linux/sched.h>

#include <asm/page_64_types.h>
#include <asm/pgtable_64_types.h>
#include <asm/ptrace.h>
#include <asm/unwind.h>

DECLARE_PER_CPU(unsigned long, pgtag_irq_stack);

/**
 * struct pgtag_frames - a walk up the stack
 * @ip: the current return address, the real one where a tracer replaced it
 * @slot: where it lies on the stack
 * @state: the unwinder's
 */
struct pgtag_frames {
	unsigned long ip;
	const unsigned long *slot;
	struct unwind_state state;
};

#define PGTAG_RESUME_NEEDS_POINTER	true

/* The frame pointer as it was when that call was made. */
static inline unsigned long pgtag_frames_pointer(const struct pgtag_frames *frames)
{
	return frames->state.bp;
}

/*
 * The slot of the return address of the function this is expanded in, which
 * a call it ends with leaves in place.
 */
#define pgtag_return_slot() ((const unsigned long *)__builtin_dwarf_cfa() - 1)

/* A call leaves the return address where the stack ends. */
struct pgtag_entry {
};

static inline const unsigned long *pgtag_entry_slot(struct pgtag_entry *entry,
						    const struct pt_regs *regs)
{
	return (const unsigned long *)regs->sp;
}

/**
 * struct pgtag_stack - a place on the stack this CPU runs on
 * @end: the first address above the stack
 * @at: the place, as seen from there: a negative number
 */
struct pgtag_stack {
	unsigned long end;
	unsigned long at;
};

static __always_inline bool pgtag_stack_begin(struct pgtag_stack *stack,
					      const unsigned long *slot,
					      unsigned long base)
{
	stack->end = base + THREAD_SIZE;
	/* Below @end and not below @base, in one comparison. */
	return check_sub_overflow((unsigned long)slot - base, THREAD_SIZE,
				  &stack->at);
}

/**
 * pgtag_stack_find - which stack does a slot lie on?
 * @stack: that, and the place there
 * @slot: a return address of a function that runs on this CPU
 *
 * Interrupt stacks are mapped at page granularity, so their bounds are not
 * to be had from an address; each CPU's never moves once seen. A task that
 * could move to another CPU runs on its own stack and does not read that.
 *
 * Return: false for any other stack (NMI, exception): ask the unwinder there.
 */
static __always_inline bool pgtag_stack_find(struct pgtag_stack *stack,
					     const unsigned long *slot)
{
	BUILD_BUG_ON(IRQ_STACK_SIZE != THREAD_SIZE);
	return likely(pgtag_stack_begin(stack, slot,
					(unsigned long)current->stack)) ||
	       pgtag_stack_begin(stack, slot, raw_cpu_read(pgtag_irq_stack));
}

/* The word there. All places are multiples of its size. */
static __always_inline unsigned long
pgtag_stack_word(const struct pgtag_stack *stack)
{
	return *(const unsigned long *)(stack->end + stack->at);
}

static __always_inline unsigned long pgtag_slot_word(const unsigned long *slot)
{
	return *slot;
}

/* Where it is. */
static inline const unsigned long *
pgtag_stack_slot(const struct pgtag_stack *stack)
{
	return (const unsigned long *)(stack->end + stack->at);
}

/* Go up so many bytes; false if that is beyond the end of the stack. */
static __always_inline bool pgtag_stack_up(struct pgtag_stack *stack,
					   unsigned long distance)
{
	return !check_add_overflow(stack->at, distance, &stack->at);
}

/* Go up to this word; false if there is none, or not higher up on this stack. */
static inline bool pgtag_stack_go(struct pgtag_stack *stack, unsigned long word)
{
	unsigned long at = word - stack->end;

	if (at <= stack->at || !IS_ALIGNED(at, sizeof(long)))
		return false;
	stack->at = at;
	return true;
}

/*
 * Go on to the caller's slot: above the word that the frame pointer leads to, where the
 * caller's frame pointer is kept. In a function that passes arguments on the stack, or
 * takes room there as it runs, there is only a copy of the return address; a word so
 * far below says where the caller's frame is, just above the slot.
 */
static inline bool pgtag_stack_up_by_pointer(struct pgtag_stack *stack,
					     unsigned long *pointer,
					     unsigned long below)
{
	unsigned long slot = *pointer + sizeof(long);

	if (below) {
		if (!pgtag_stack_go(stack, *pointer - below))
			return false;
		slot = pgtag_stack_word(stack) - sizeof(long);
	}
	if (!pgtag_stack_go(stack, *pointer))
		return false;
	*pointer = pgtag_stack_word(stack);
	return pgtag_stack_go(stack, slot);
}

/*
 * Does this address lie where modules are loaded, and what else comes and goes:
 * BPF programs, trampolines, copies of probed instructions? The kernel itself
 * lies below.
 */
static inline bool pgtag_ip_of_module(unsigned long ip)
{
	return ip >= MODULES_VADDR;
}

/* Instructions begin anywhere. */
#define PGTAG_IP_SHIFT	0

#endif
