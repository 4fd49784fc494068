/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Return addresses on the kernel stack, of whatever architecture. Each gives this:
 *
 * A place on a stack. What the hot path uses: a few instructions each, and whatever
 * lies on the stack, no word is read that is not on it.
 *
 *	struct pgtag_stack
 *	pgtag_stack_find(stack, slot)	stand on the slot of a return address; false if
 *					that is on no stack of this CPU that is known
 *	pgtag_stack_word(stack)		the return address there, a tracer's trampoline
 *					if one has replaced it
 *	pgtag_stack_slot(stack)		where it lies
 *	pgtag_stack_up(stack, distance)	go on to the caller's; false if that is on no such
 *					stack, or for a distance that is a negative number
 *	pgtag_stack_up_by_pointer(stack, &pointer, distance)
 *					the same by the frame pointer, which becomes that
 *					of the caller
 *
 *	pgtag_slot_word(slot)		the return address at pgtag_return_slot() or
 *					pgtag_entry_slot(), below, without any of that
 *
 * A walk. Slower, and sure; in any context, with RCU watching.
 *
 *	struct pgtag_frames		has the return address @ip, the real one also where
 *					a tracer replaced it, and its @slot
 *	pgtag_frames_init()		before all others; may sleep; 0 or an error
 *	pgtag_frames_start(frames, slot)
 *	pgtag_frames_next(frames)	both false where there is no caller, or none that
 *					can be found
 *	pgtag_frames_last(frames)	does no caller ever follow this address, for it is
 *					where the kernel is entered or a task begins?
 *
 * What is learned of an address, so that the hot path needs no such walk, and how to
 * walk on from where that path came to something of which nothing could be learned.
 *
 *	pgtag_frames_step(frames, &step)
 *					how to go on from this address, for ever; false if
 *					that is not always the same
 *	pgtag_frames_resume(frames, ip, slot, pointer)
 *					start there, and go on to the caller
 *	PGTAG_RESUME_NEEDS_POINTER	the frame pointer at that call must be known
 *	pgtag_frames_pointer(frames)	what it is here
 *
 * Where the first return address lies.
 *
 *	pgtag_return_slot()		for a trace event's handler, in which it is used: of
 *					itself or its caller. In functions it ends with, too
 *	pgtag_return_pointer()		the frame pointer at that call, 0 if not to be had;
 *					only where arch/pointer.h is included
 *	struct pgtag_entry
 *	pgtag_entry_slot(entry, regs)	for what is called when a function is entered: of
 *					that function, while @entry is there
 *
 * And of addresses in general:
 *
 *	pgtag_ip_of_module(ip)		is it outside the kernel itself, where modules are,
 *					and what else comes and goes: BPF programs,
 *					trampolines, copies of probed instructions?
 *	PGTAG_IP_SHIFT			so many low bits say nothing
 */
#ifndef PGTAG_FRAMES_H
#define PGTAG_FRAMES_H

#include <shim/require.h>

#ifdef CONFIG_X86_64
#include "x86/frames.h"
#endif
#ifdef CONFIG_ARM64
#include "arm64/frames.h"
#endif

/**
 * struct pgtag_step - how to get from a return address to its caller's
 * @distance: what pgtag_stack_up() wants, or pgtag_stack_up_by_pointer()
 * @saved: not @by_pointer, and the frame keeps its caller's frame pointer: how many
 *	bytes below the caller's slot; else 0
 * @by_pointer: which of the two it is
 */
struct pgtag_step {
	u32 distance;
	u16 saved;
	bool by_pointer;
};

int pgtag_frames_init(void);
bool pgtag_frames_start(struct pgtag_frames *frames,
			const unsigned long *slot);
bool pgtag_frames_next(struct pgtag_frames *frames);
bool pgtag_frames_last(const struct pgtag_frames *frames);
bool pgtag_frames_step(const struct pgtag_frames *frames, struct pgtag_step *step);
bool pgtag_frames_resume(struct pgtag_frames *frames, unsigned long ip,
			 const unsigned long *slot, unsigned long pointer);

#endif
