/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Return addresses on an arm64 kernel stack, by frame records: two words, the address
 * of the caller's record and the return address, which may be signed. The frame
 * pointer leads to the first one. So nothing has to be learned of an address, and a
 * distance says only that there is a caller.
 */
#ifndef PGTAG_ARCH_FRAMES_H
#define PGTAG_ARCH_FRAMES_H

#include <linux/ptrace.h>
#include <linux/sched.h>

#include <asm/memory.h>
#include <asm/stack_pointer.h>

#include <shim/pac.h>

/**
 * struct pgtag_record - what a function leaves on the stack for who follows
 * @caller: the caller's record
 * @ip: the return address
 */
struct pgtag_record {
	unsigned long caller;
	unsigned long ip;
};

/**
 * struct pgtag_stack - a place on a stack of this CPU
 * @last: where a record may lie at most
 * @at: the place: where this one lies
 * @record: the record
 */
struct pgtag_stack {
	unsigned long last;
	unsigned long at;
	struct pgtag_record record;
};

/*
 * All stacks are aligned to their size, so that any address in one tells where it
 * ends. @low is one where a stack may stand, a multiple of 16, with a record somewhere
 * above it.
 */
static __always_inline bool pgtag_stack_begin(struct pgtag_stack *stack,
					      unsigned long record,
					      unsigned long low)
{
	stack->last = low | (THREAD_SIZE - sizeof(struct pgtag_record));
	if (unlikely(record - low > stack->last - low))
		return false;
	stack->at = record;
	stack->record = *(const struct pgtag_record *)record;
	return true;
}

/**
 * pgtag_stack_find - which stack does a slot lie on?
 * @stack: that, and the place there
 * @slot: a return address of a function that runs on this CPU
 *
 * Return: false if it is neither the one that is in use nor the task's own.
 */
static __always_inline bool pgtag_stack_find(struct pgtag_stack *stack,
					     const unsigned long *slot)
{
	unsigned long record = (unsigned long)slot -
			       offsetof(struct pgtag_record, ip);

	return likely(pgtag_stack_begin(stack, record, current_stack_pointer)) ||
	       pgtag_stack_begin(stack, record, (unsigned long)current->stack);
}

static __always_inline unsigned long
pgtag_stack_word(const struct pgtag_stack *stack)
{
	return pgtag_strip_pac(stack->record.ip);
}

static __always_inline unsigned long pgtag_slot_word(const unsigned long *slot)
{
	return pgtag_strip_pac(*slot);
}

static inline const unsigned long *
pgtag_stack_slot(const struct pgtag_stack *stack)
{
	return &((const struct pgtag_record *)stack->at)->ip;
}

/* From another stack records lead to the task's, and from there nowhere else. */
static inline bool pgtag_stack_leave(struct pgtag_stack *stack,
				     unsigned long record)
{
	unsigned long low = (unsigned long)current->stack;

	return (stack->at ^ low) >= THREAD_SIZE && pgtag_stack_begin(stack, record, low);
}

static __always_inline bool pgtag_stack_up(struct pgtag_stack *stack,
					   unsigned long distance)
{
	unsigned long caller = stack->record.caller;

	if ((long)distance < 0)
		return false;
	/* Both at once, which are true as a rule: a compiler needs one branch for it. */
	if (unlikely(!((caller > stack->at) & (caller <= stack->last))))
		return pgtag_stack_leave(stack, caller);
	stack->at = caller;
	stack->record = *(const struct pgtag_record *)caller;
	return true;
}

/* Nothing is learned here that asks for that. */
static inline bool pgtag_stack_up_by_pointer(struct pgtag_stack *stack,
					     unsigned long *pointer,
					     unsigned long below)
{
	return false;
}

/**
 * struct pgtag_frames - a walk up the stack
 * @ip: the current return address, the real one where a tracer replaced it
 * @slot: where it lies on the stack
 * @stack: the place
 */
struct pgtag_frames {
	unsigned long ip;
	const unsigned long *slot;
	struct pgtag_stack stack;
};

/* The record says it all. */
#define PGTAG_RESUME_NEEDS_POINTER	false

static inline unsigned long pgtag_frames_pointer(const struct pgtag_frames *frames)
{
	return 0;
}

/*
 * A trace event's handler is called by a function that is made for it, and that one by
 * the allocator. Its record, unlike the handler's own, is still there when the handler
 * has ended with a call. With static calls (a kernel with kCFI) the allocator may call
 * the handler itself, and the handler's own record is all there is: Kbuild has no
 * function end with a call then.
 */
#ifdef CONFIG_HAVE_STATIC_CALL
#define pgtag_return_slot() \
	(&((const struct pgtag_record *)__builtin_frame_address(0))->ip)
#else
#define pgtag_return_slot() \
	(&(*(const struct pgtag_record **)__builtin_frame_address(0))->ip)
#endif

/* A function that was just entered has no record yet: this is like the one to come. */
struct pgtag_entry {
	struct pgtag_record record;
};

static inline const unsigned long *pgtag_entry_slot(struct pgtag_entry *entry,
						    const struct pt_regs *regs)
{
	entry->record.caller = regs->regs[29];
	entry->record.ip = regs->regs[30];
	return &entry->record.ip;
}

/* The kernel's code lies anywhere among what else is mapped. */
struct pgtag_kernel_code {
	unsigned long start;
	unsigned long size;
};

extern struct pgtag_kernel_code pgtag_kernel_code;

static inline bool pgtag_ip_of_module(unsigned long ip)
{
	return ip - pgtag_kernel_code.start >= pgtag_kernel_code.size;
}

#define PGTAG_IP_SHIFT	2

#endif
