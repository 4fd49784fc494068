// SPDX-License-Identifier: GPL-2.0
/*
 * Walks up the stack from frame record to frame record, as
 * arch/arm64/kernel/stacktrace.c does, which is not exported.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/llist.h>
#include <linux/printk.h>
#include <linux/string.h>

#include <arch/frames.h>
#include <shim/fgraph.h>
#include <shim/symbol.h>

/* A real address is behind so many trampolines at most. */
#define REPLACED_AT_MOST	4

struct pgtag_kernel_code pgtag_kernel_code __read_mostly;

/* Where functions return to that a tracer follows, 0 if there is no such. */
static unsigned long graph_trampoline __read_mostly;
static unsigned long kretprobe_trampoline __read_mostly;

/*
 * The address that was there before a kretprobe first put its trampoline there, or 0.
 * An instance is known by the frame pointer of the caller. A function that ends in a
 * call of another leaves its return address to it, so there may be several; the
 * oldest has the real one.
 */
static unsigned long kretprobe_return(unsigned long caller)
{
	const struct llist_node *node = READ_ONCE(current->kretprobe_instances.first);
	const struct kretprobe_instance *instance;
	unsigned long ip = 0;

	for (; node; node = READ_ONCE(node->next)) {
		instance = container_of(node, struct kretprobe_instance, llist);
		if ((unsigned long)instance->fp == caller &&
		    (unsigned long)instance->ret_addr != kretprobe_trampoline)
			ip = (unsigned long)instance->ret_addr;
	}
	return ip;
}

/* Tracers may have replaced the address in turns. */
static unsigned long real_ip(unsigned long ip, unsigned long caller)
{
	int left = REPLACED_AT_MOST;

	while (ip && left--) {
		if (ip == graph_trampoline)
			ip = pgtag_graph_return((const unsigned long *)caller, ip);
		else if (ip == kretprobe_trampoline)
			ip = kretprobe_return(caller);
		else
			return ip;
	}
	return 0;
}

static bool take(struct pgtag_frames *frames)
{
	frames->slot = pgtag_stack_slot(&frames->stack);
	frames->ip = real_ip(pgtag_stack_word(&frames->stack),
			     frames->stack.record.caller);
	return frames->ip;
}

/**
 * pgtag_frames_init - get ready for walks
 *
 * Context: process context, may sleep.
 * Return: 0, or -ENOENT if the kernel's code is nowhere to be found.
 */
int pgtag_frames_init(void)
{
	unsigned long start = pgtag_symbol_place("_stext");
	unsigned long end = pgtag_symbol_place("_sinittext");

	if (!start || !end) {
		pr_err("kallsyms does not say where the kernel's code is\n");
		return -ENOENT;
	}
	pgtag_kernel_code.start = start;
	pgtag_kernel_code.size = end - start;
	graph_trampoline = pgtag_symbol_place("return_to_handler");
	kretprobe_trampoline = pgtag_symbol_place("__kretprobe_trampoline");
	return 0;
}

/**
 * pgtag_frames_start - begin a walk up the current stack
 * @frames: the walk
 * @slot: where the first return address lies
 *
 * Context: any, but RCU must be watching.
 * Return: true if the walk stands on @slot, false if that is on no stack of this CPU.
 */
bool pgtag_frames_start(struct pgtag_frames *frames, const unsigned long *slot)
{
	return pgtag_stack_find(&frames->stack, slot) && take(frames);
}

/**
 * pgtag_frames_next - go on to the caller
 * @frames: the walk
 *
 * Context: as pgtag_frames_start().
 * Return: false where a task begins, or where there is no record.
 */
bool pgtag_frames_next(struct pgtag_frames *frames)
{
	return pgtag_stack_up(&frames->stack, 0) && take(frames);
}

/*
 * Does an exception in the kernel enter here? Up to 6.12 what it interrupted has a
 * record as if it had called.
 */
static bool is_vector(unsigned long ip)
{
	static char symbol[KSYM_SYMBOL_LEN];	/* under the learners' lock */

	sprint_symbol(symbol, ip - 1);
	return (str_has_prefix(symbol, "el1h_64_") ||
		str_has_prefix(symbol, "el1t_64_")) &&
	       !strstr(symbol, "_handler+");
}

/**
 * pgtag_frames_last - does no caller ever follow this return address?
 * @frames: the walk
 *
 * Where a system call or an exception enters the kernel, and where a task begins,
 * there is a record of zeroes, or what was interrupted.
 *
 * Context: as pgtag_frames_start(), with the learners' lock. The walk stays where it
 * is.
 */
bool pgtag_frames_last(const struct pgtag_frames *frames)
{
	struct pgtag_stack next = frames->stack;

	return (pgtag_stack_up(&next, 0) && !pgtag_stack_word(&next)) ||
	       is_vector(frames->ip);
}

/**
 * pgtag_frames_step - can pgtag_stack_up() go on from this return address?
 * @frames: the walk
 * @step: any distance will do
 *
 * Context: as pgtag_frames_start(). The walk stays where it is.
 * Return: whether there is a caller.
 */
bool pgtag_frames_step(const struct pgtag_frames *frames, struct pgtag_step *step)
{
	struct pgtag_stack next = frames->stack;

	*step = (struct pgtag_step) { };
	return pgtag_stack_up(&next, 0);
}

/**
 * pgtag_frames_resume - begin a walk in the middle, and go on to the caller
 * @frames: the walk
 * @ip: the return address there
 * @slot: where it lies
 * @pointer: not needed
 *
 * Context: as pgtag_frames_start().
 * Return: as pgtag_frames_next().
 */
bool pgtag_frames_resume(struct pgtag_frames *frames, unsigned long ip,
			 const unsigned long *slot, unsigned long pointer)
{
	return pgtag_stack_find(&frames->stack, slot) && pgtag_frames_next(frames);
}
