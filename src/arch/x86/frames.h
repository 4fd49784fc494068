/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Return addresses on an x86-64 kernel stack, by the ORC unwinder.
 */
#ifndef PGTAG_ARCH_FRAMES_H
#define PGTAG_ARCH_FRAMES_H

#include <linux/percpu.h>
#include <linux/sched.h>

#include <asm/page_64_types.h>
#include <asm/pgtable_64_types.h>
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

bool pgtag_frames_start(struct pgtag_frames *frames,
			const unsigned long *slot);
bool pgtag_frames_next(struct pgtag_frames *frames);
bool pgtag_frames_trampoline(struct pgtag_frames *frames);
u32 pgtag_frames_distance(const struct pgtag_frames *frames);

/*
 * The slot of the return address of the function this is expanded in, which
 * a call it ends with leaves in place.
 */
#define pgtag_return_slot() ((const unsigned long *)__builtin_dwarf_cfa() - 1)

/**
 * pgtag_stack_base - the lowest address of the stack a slot lies on
 * @slot: a return address of a function that runs on this CPU
 *
 * Interrupt stacks are mapped at page granularity, so their bounds are not
 * to be had from an address; each CPU's never moves once seen. A task that
 * could move to another CPU runs on its own stack and does not read that.
 *
 * Return: the address; from it on THREAD_SIZE bytes may be read. 0 for any
 * other stack (NMI, exception): ask the unwinder there.
 */
static __always_inline unsigned long pgtag_stack_base(const unsigned long *slot)
{
	unsigned long base = (unsigned long)current->stack;

	BUILD_BUG_ON(IRQ_STACK_SIZE != THREAD_SIZE);
	if (likely((unsigned long)slot - base < THREAD_SIZE))
		return base;
	base = raw_cpu_read(pgtag_irq_stack);
	if (likely((unsigned long)slot - base < THREAD_SIZE))
		return base;
	return 0;
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

/* May a word be read so far above the base from pgtag_stack_base()? */
static __always_inline bool pgtag_on_stack(unsigned long offset)
{
	return offset <= THREAD_SIZE - sizeof(unsigned long);
}

#endif
