/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A hook on a function's entry and exit: an fprobe where the kernel has them and
 * does not warn of one, else a kretprobe.
 */
#ifndef PGTAG_SHIM_EXIT_H
#define PGTAG_SHIM_EXIT_H

#include <linux/types.h>

/*
 * What entry keeps for exit. From 6.14 on it lies on the task's shadow stack,
 * which takes 15 words at most, and one of them is exit_kind.h's.
 */
#define PGTAG_EXIT_WORDS	14

struct pgtag_exit_data {
	unsigned long word[PGTAG_EXIT_WORDS];
};

/**
 * struct pgtag_exit_calls - the two halves of an exit hook
 * @entry: called before the function runs, with its first six arguments and
 *	the stack slot of its return address; true asks for @exit
 * @exit: called when it has returned, with what @entry kept
 *
 * Both run with preemption off, in whatever context the function has.
 */
struct pgtag_exit_calls {
	bool (*entry)(struct pgtag_exit_data *data, const unsigned long *args,
		      const unsigned long *slot);
	void (*exit)(struct pgtag_exit_data *data, unsigned long result);
};

/* An opaque handle, so that this header needs nothing of either mechanism. */
struct pgtag_exit;

struct pgtag_exit *pgtag_exit_attach(const char *function,
				     const struct pgtag_exit_calls *calls);
void pgtag_exit_pause(struct pgtag_exit *hook, bool pause);
int pgtag_exit_detach(struct pgtag_exit *hook);
unsigned long pgtag_exit_missed(const struct pgtag_exit *hook);
const char *pgtag_exit_mechanism(const struct pgtag_exit *hook);

#endif
