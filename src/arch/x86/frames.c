// SPDX-License-Identifier: GPL-2.0
/*
 * Walks up the stack with arch/x86/kernel/unwind_orc.c, whose three entry
 * points are exported. It runs in any context, and gives the real return
 * address where function graph, a kretprobe or an fprobe replaced it.
 */
#include <linux/align.h>

#include <arch/frames.h>
#include <shim/fgraph.h>
#include <shim/symbol.h>

/* Frames of kernel code are small; a larger distance is a mistake. */
#define DISTANCE_MAX	4096

/* Lowest readable address of this CPU's interrupt stack, 0 until seen. */
DEFINE_PER_CPU(unsigned long, pgtag_irq_stack);

/* After a call instruction the return address is the word below the frame. */
static const unsigned long *slot_of(const struct unwind_state *state)
{
	return (const unsigned long *)state->sp - 1;
}

/*
 * The address of function graph's trampoline, 0 if there is none. Where function graph
 * and a kretprobe replaced a return address in turns, as they do when a traced function
 * ends in a call of another, the unwinder undoes each once and takes what is left for
 * the return address.
 */
static unsigned long graph_trampoline;

static bool recover(struct pgtag_frames *frames)
{
	unsigned long ip = pgtag_graph_return(frames->slot, frames->ip);

	frames->ip = ip;
	/* The unwinder goes on from what it believes to be the caller. */
	frames->state.ip = ip;
	return ip;
}

/* What was interrupted did not call: its registers are the edge, too. */
static bool take(struct pgtag_frames *frames)
{
	if (unwind_done(&frames->state) || frames->state.regs)
		return false;
	frames->ip = unwind_get_return_address(&frames->state);
	frames->slot = slot_of(&frames->state);
	if (unlikely(frames->ip && frames->ip == graph_trampoline))
		return recover(frames);
	return frames->ip;
}

/**
 * pgtag_frames_init - get ready for walks
 *
 * Context: process context, may sleep.
 * Return: 0.
 */
int pgtag_frames_init(void)
{
	graph_trampoline = pgtag_symbol_place("return_to_handler");
	return 0;
}

/**
 * pgtag_frames_start - begin a walk up the current stack
 * @frames: the walk
 * @slot: where the first return address lies
 *
 * Context: any, but RCU must be watching.
 * Return: true if the walk stands on @slot, false if the unwinder finds no
 * frame there.
 */
bool pgtag_frames_start(struct pgtag_frames *frames, const unsigned long *slot)
{
	unwind_start(&frames->state, current, NULL, (unsigned long *)slot);
	if (!take(frames) || frames->slot != slot)
		return false;
	/*
	 * On an interrupt stack, so on a CPU that will not change under us:
	 * remember its bounds for pgtag_stack_find().
	 */
	if (frames->state.stack_info.type == STACK_TYPE_IRQ)
		raw_cpu_write(pgtag_irq_stack,
			      (unsigned long)frames->state.stack_info.begin);
	return true;
}

/**
 * pgtag_frames_next - go on to the caller
 * @frames: the walk
 *
 * Context: as pgtag_frames_start().
 * Return: false where the kernel was entered, or where the unwinder is lost.
 */
bool pgtag_frames_next(struct pgtag_frames *frames)
{
	unwind_next_frame(&frames->state);
	return take(frames);
}

/**
 * pgtag_frames_last - does no caller ever follow this return address?
 * @frames: the walk
 *
 * It lies where a user's system call, an exception or an interrupt enters the kernel,
 * and registers follow, or where a task begins. That is a property of the address, as
 * the unwinder knows it; what it does not know, or cannot read, may be otherwise the
 * next time.
 *
 * Context: as pgtag_frames_start(). The walk stays where it is.
 */
bool pgtag_frames_last(const struct pgtag_frames *frames)
{
	struct unwind_state next = frames->state;

	/* As below. */
	next.error = false;
	unwind_next_frame(&next);
	return next.regs || (unwind_done(&next) && !next.error);
}

/* One step of the unwinder on a model of a stack; false if it is lost there. */
static bool step_in_model(struct unwind_state *next, unsigned long *model, size_t words)
{
	next->stack_info.begin = model;
	next->stack_info.end = model + words;
	next->error = false;
	unwind_next_frame(next);
	return !unwind_done(next) && !next->error;
}

/*
 * Is the caller's slot always @distance up? On a stack where each word says how far above
 * @frames' slot it lies, and the frame pointer is nowhere, nothing is read through that,
 * and what comes out depends on the address alone: the ways to the caller's slot and, in
 * the state's bp, to where the caller's frame pointer is kept, 0 if that was left alone.
 */
static bool step_by_distance(const struct pgtag_frames *frames, unsigned long distance,
			     struct pgtag_step *step)
{
	/* Up to the farthest slot there may be; under the learners' lock. */
	static unsigned long model[DISTANCE_MAX / sizeof(long) + 1];
	struct unwind_state next = frames->state;
	unsigned long i;

	for (i = model[1] ? ARRAY_SIZE(model) : 0; i < ARRAY_SIZE(model); i++)
		model[i] = i * sizeof(long);
	next.sp = (unsigned long)(model + 1);
	next.bp = 0;
	if (!step_in_model(&next, model, ARRAY_SIZE(model)) ||
	    (char *)slot_of(&next) - (char *)model != distance || next.bp >= distance)
		return false;
	*step = (struct pgtag_step) {
		.distance = distance,
		.saved = next.bp ? distance - next.bp : 0,
	};
	return true;
}

/*
 * The same on a stack where only the frame pointer leads, to the middle of a frame whose
 * words each lead to one of their own further up, just above what is a caller's slot
 * there.
 */
#define MODEL_WORDS	128
#define MODEL_POINTER	(MODEL_WORDS / 2)

static bool step_by_pointer(const struct pgtag_frames *frames, struct pgtag_step *step)
{
	static unsigned long model[2 * MODEL_WORDS];	/* under the learners' lock */
	struct unwind_state next = frames->state;
	unsigned long slot, i;

	for (i = 0; i < MODEL_WORDS; i++)
		model[i] = (unsigned long)&model[MODEL_WORDS + i + 1];
	next.sp = 0;
	next.bp = (unsigned long)&model[MODEL_POINTER];
	if (!step_in_model(&next, model, ARRAY_SIZE(model)) ||
	    next.bp != model[MODEL_POINTER])
		return false;
	*step = (struct pgtag_step) { .by_pointer = true };
	slot = slot_of(&next) - model;
	if (slot == MODEL_POINTER + 1)
		return true;
	if (slot < MODEL_WORDS || slot >= MODEL_WORDS + MODEL_POINTER)
		return false;
	step->distance = (MODEL_WORDS + MODEL_POINTER - slot) * sizeof(long);
	return true;
}

/**
 * pgtag_frames_step - where the caller's return address always lies
 * @frames: the walk
 * @step: result
 *
 * How far above this one is a constant of the address only if its frame is addressed
 * through the stack pointer, and kept on this stack. Then the unwinder comes out at
 * the same distance where there is nothing but the stack pointer. A function that
 * aligns its stack is addressed through its frame pointer, and comes out where that
 * leads; or, if it passes arguments on the stack, where a word in its frame does.
 *
 * Context: as pgtag_frames_start(), with the learners' lock. The walk stays where it
 * is.
 * Return: false if there is no caller, it is on another stack or behind an interrupt
 * or exception, or nothing is proven.
 */
bool pgtag_frames_step(const struct pgtag_frames *frames, struct pgtag_step *step)
{
	struct unwind_state next = frames->state;
	unsigned long distance;

	/* It is lost, or not, in this step; up to 6.12 it guesses in BPF. */
	next.error = false;
	unwind_next_frame(&next);
	if (unwind_done(&next) || next.error || next.regs ||
	    !unwind_get_return_address(&next))
		return false;
	if (next.stack_info.type != frames->state.stack_info.type)
		return false;
	distance = (char *)slot_of(&next) - (char *)frames->slot;
	if (!distance || distance > DISTANCE_MAX || !IS_ALIGNED(distance, sizeof(long)))
		return false;
	return step_by_distance(frames, distance, step) || step_by_pointer(frames, step);
}

/**
 * pgtag_frames_resume - begin a walk in the middle, and go on to the caller
 * @frames: the walk
 * @ip: the return address there
 * @slot: where it lies, on the current stack
 * @pointer: the frame pointer as it was when that call was made
 *
 * The unwinder begins with registers, as those of an interrupt on the call.
 *
 * Context: as pgtag_frames_start().
 * Return: as pgtag_frames_next().
 */
bool pgtag_frames_resume(struct pgtag_frames *frames, unsigned long ip,
			 const unsigned long *slot, unsigned long pointer)
{
	struct pt_regs regs = {
		.ip = ip - 1,
		.sp = (unsigned long)(slot + 1),
		.bp = pointer,
	};

	unwind_start(&frames->state, current, &regs, NULL);
	return take(frames);
}
