// SPDX-License-Identifier: GPL-2.0
/*
 * Exit hooks: what is the same whether an fprobe or a kretprobe follows the return.
 * Both hand the handlers a return address that was already replaced by a trampoline
 * on the stack; the unwinder knows the real one.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include <arch/frames.h>

#include "exit_kind.h"
#include "ftrace.h"

/* For the two kinds, at a function's entry. Whether its exit is wanted. */
bool pgtag_exit_enter(const struct pgtag_exit *hook, struct pgtag_exit_kept *kept,
		      struct pt_regs *regs)
{
	struct pgtag_entry frame;
	unsigned long args[6];
	unsigned int i;

	if (READ_ONCE(hook->paused))
		return false;
	for (i = 0; i < ARRAY_SIZE(args); i++)
		args[i] = regs_get_kernel_argument(regs, i);
	kept->number = hook->number;
	return READ_ONCE(hook->calls)->entry(&kept->data, args,
					     pgtag_entry_slot(&frame, regs));
}

/* For the two kinds, at a function's exit. */
void pgtag_exit_leave(const struct pgtag_exit *hook, struct pgtag_exit_kept *kept,
		      struct pt_regs *regs)
{
	if (kept->number == hook->number)
		READ_ONCE(hook->calls)->exit(&kept->data, regs_return_value(regs));
}

static bool ignore_entry(struct pgtag_exit_data *data, const unsigned long *args,
			 const unsigned long *slot)
{
	return false;
}

static void ignore_exit(struct pgtag_exit_data *data, unsigned long result)
{
}

static const struct pgtag_exit_calls ignore = {
	.entry = ignore_entry,
	.exit = ignore_exit,
};

static struct pgtag_exit *attach(const struct pgtag_exit_kind *kind,
				 const char *function,
				 const struct pgtag_exit_calls *calls)
{
	struct pgtag_exit *hook = kzalloc(kind->size, GFP_KERNEL);
	int ret;

	if (!hook)
		return ERR_PTR(-ENOMEM);
	hook->kind = kind;
	hook->calls = calls;
	/* None that was given before. */
	hook->number = ktime_get_ns();
	ret = kind->attach(hook, function);
	if (ret) {
		kfree(hook);
		return ERR_PTR(ret);
	}
	return hook;
}

/**
 * pgtag_exit_attach - hook a function's entry and exit
 * @function: its name
 * @calls: what to call; must outlive the hook
 *
 * A kretprobe only where this kernel has no fprobes, or would warn of one: it misses
 * calls in an interrupt of another kretprobe's handler.
 *
 * Context: process context, may sleep.
 * Return: the hook, or an ERR_PTR().
 */
struct pgtag_exit *pgtag_exit_attach(const char *function,
				     const struct pgtag_exit_calls *calls)
{
	struct pgtag_exit *hook = ERR_PTR(-EOPNOTSUPP);

	if (IS_ENABLED(CONFIG_FPROBE))
		hook = attach(&pgtag_exit_fprobe, function, calls);
	if (hook == ERR_PTR(-EOPNOTSUPP))
		hook = attach(&pgtag_exit_kretprobe, function, calls);
	return hook;
}

/**
 * pgtag_exit_pause - let a hook sleep, or wake it
 * @hook: from pgtag_exit_attach()
 * @pause: sleep
 *
 * Attaching and detaching take long. Calls that were entered before still have
 * their exit reported.
 *
 * Context: any.
 */
void pgtag_exit_pause(struct pgtag_exit *hook, bool pause)
{
	WRITE_ONCE(hook->paused, pause);
}

/**
 * pgtag_exit_detach - remove an exit hook
 * @hook: from pgtag_exit_attach(); no longer to be used
 *
 * Functions under way return through the kernel's trampoline as before; their
 * exit is no longer reported. None of the handlers runs when this returns.
 *
 * Once ftrace is dead the kernel's own ways to remove a hook free what it still
 * uses (kretprobes on 6.1), or warn (fprobes from 6.14 on). They are not asked then.
 *
 * Context: process context, may sleep.
 * Return: 0, or an error if the hook could not be removed: it does nothing any
 * more, but its code must stay.
 */
int pgtag_exit_detach(struct pgtag_exit *hook)
{
	int ret = pgtag_ftrace_dead() ? -ENODEV : hook->kind->detach(hook);

	if (ret)
		WRITE_ONCE(hook->calls, &ignore);
	/* Not every kernel waits for who is inside a handler. They do not sleep. */
	synchronize_rcu();
	if (!ret)
		kfree(hook);
	return ret;
}

/**
 * pgtag_exit_missed - calls of the function that went unseen
 * @hook: from pgtag_exit_attach()
 */
unsigned long pgtag_exit_missed(const struct pgtag_exit *hook)
{
	return hook->kind->missed(hook);
}

/**
 * pgtag_exit_mechanism - what a hook is made of
 * @hook: from pgtag_exit_attach()
 */
const char *pgtag_exit_mechanism(const struct pgtag_exit *hook)
{
	return hook->kind->name;
}
