/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Return addresses that function graph replaced, read from the task's own
 * shadow stack. Until 6.10 that is an array of entries and the index of the
 * last; then entries and other words follow each other, and there is the
 * number of words.
 */
#ifndef PGTAG_SHIM_FGRAPH_H
#define PGTAG_SHIM_FGRAPH_H

#include <linux/ftrace.h>
#include <linux/sched.h>

#ifdef CONFIG_FUNCTION_GRAPH_TRACER

static inline const unsigned long *pgtag_graph_words(long *nr)
{
	if (__builtin_types_compatible_p(typeof(current->ret_stack),
					 unsigned long *))
		*nr = READ_ONCE(current->curr_ret_stack);
	else
		*nr = (READ_ONCE(current->curr_ret_stack) + 1) *
		      (long)(sizeof(struct ftrace_ret_stack) / sizeof(long));
	return (const unsigned long *)READ_ONCE(current->ret_stack);
}

/*
 * The address that lay in @slot before function graph first put @trampoline
 * there, or 0. An entry is known by its pointer to the slot, or what the architecture
 * has in place of that: arm64 the frame pointer, and twice. A function that
 * ends in a call of another leaves its slot to it, so there may be several;
 * the oldest has the real address.
 */
static inline unsigned long
pgtag_graph_return(const unsigned long *slot, unsigned long trampoline)
{
	const long first = offsetof(struct ftrace_ret_stack, retp) /
			   sizeof(long);
	const struct ftrace_ret_stack *frame;
	const unsigned long *words;
	unsigned long ret = 0;
	long i;

	words = pgtag_graph_words(&i);
	if (!words)
		return 0;
	while (--i >= first) {
		if (words[i] != (unsigned long)slot)
			continue;
		frame = (const struct ftrace_ret_stack *)&words[i - first];
#ifdef HAVE_FUNCTION_GRAPH_FP_TEST
		/* Or is this word the first of the two? */
		if (frame->fp != (unsigned long)slot)
			continue;
#endif
		if (frame->ret != trampoline)
			ret = frame->ret;
	}
	return ret;
}

#else

static inline unsigned long
pgtag_graph_return(const unsigned long *slot, unsigned long trampoline)
{
	return 0;
}

#endif

#endif
