/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What exit hooks are made of: the two ways a kernel has to follow a function's
 * return, behind one set of calls.
 */
#ifndef PGTAG_SHIM_EXIT_KIND_H
#define PGTAG_SHIM_EXIT_KIND_H

#include <linux/cpumask.h>
#include <linux/types.h>

#include "exit.h"

/*
 * A bulk allocation may sleep in reclaim, so many of them can be under way.
 * One that finds no free instance is missed, which is counted.
 */
#define PGTAG_EXITS_AT_ONCE	(64 + 16 * num_possible_cpus())

/**
 * struct pgtag_exit_kind - one way to follow returns
 * @name: what status calls it
 * @size: of what is allocated for a hook, which begins with struct pgtag_exit
 * @attach: makes the probe and sets it; -EOPNOTSUPP if this kernel would warn of it
 * @detach: removes the probe; an error says that it may still be called
 * @missed: calls that were not followed
 */
struct pgtag_exit_kind {
	const char *name;
	size_t size;
	int (*attach)(struct pgtag_exit *hook, const char *function);
	int (*detach)(struct pgtag_exit *hook);
	unsigned long (*missed)(const struct pgtag_exit *hook);
};

/* The first part of what the kind has allocated. */
struct pgtag_exit {
	const struct pgtag_exit_kind *kind;
	const struct pgtag_exit_calls *calls;
	u64 number;
	bool paused;
};

/*
 * What is kept between entry and exit. The function may sleep for as long as it
 * likes, and this hook be gone when it returns. From 6.14 on an fprobe then asks
 * whether there is a hook at that address, and there may be: another one, of this
 * module loaded again. No two hooks have the same number.
 */
struct pgtag_exit_kept {
	u64 number;
	struct pgtag_exit_data data;
};

struct pt_regs;

bool pgtag_exit_enter(const struct pgtag_exit *hook, struct pgtag_exit_kept *kept,
		      struct pt_regs *regs);
void pgtag_exit_leave(const struct pgtag_exit *hook, struct pgtag_exit_kept *kept,
		      struct pt_regs *regs);

extern const struct pgtag_exit_kind pgtag_exit_kretprobe;
/* Not there without CONFIG_FPROBE. */
extern const struct pgtag_exit_kind pgtag_exit_fprobe;

#endif
