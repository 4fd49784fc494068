// SPDX-License-Identifier: GPL-2.0
/*
 * Exit hooks over fprobe or kretprobe, see kernel/trace/fprobe.c and
 * kernel/kprobes.c. Both hand the handlers a return address that was already
 * replaced by a trampoline on the stack; the unwinder knows the real one.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/fprobe.h>
#include <linux/kprobes.h>
#include <linux/ktime.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/version.h>

#include <arch/frames.h>

#include "exit.h"
#include "ftrace.h"
#include "graph_index.h"

/*
 * A bulk allocation may sleep in reclaim, so many of them can be under way.
 * One that finds no free instance is missed, which is counted.
 */
#define ACTIVE_AT_ONCE	(64 + 16 * num_possible_cpus())

struct pgtag_exit {
#if IS_ENABLED(CONFIG_FPROBE)
	struct fprobe probe;
#else
	struct kretprobe probe;
#endif
	const struct pgtag_exit_calls *calls;
	u64 number;
	bool paused;
};

/*
 * What is kept between entry and exit. The function may sleep for as long as it
 * likes, and this hook be gone when it returns. From 6.14 on the kernel then asks
 * whether there is a hook at that address, and there may be: another one, of this
 * module loaded again. No two hooks have the same number.
 */
struct kept {
	u64 number;
	struct pgtag_exit_data data;
};

static bool enter(const struct pgtag_exit *hook, void *data, struct pt_regs *regs)
{
	struct kept *kept = data;
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

static void leave(const struct pgtag_exit *hook, void *data, struct pt_regs *regs)
{
	struct kept *kept = data;

	if (kept->number == hook->number)
		READ_ONCE(hook->calls)->exit(&kept->data, regs_return_value(regs));
}

#if IS_ENABLED(CONFIG_FPROBE)

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0)
#define probe_regs		ftrace_regs
/* Where there are but a few registers, they need room for a copy. */
#ifdef CONFIG_HAVE_FTRACE_REGS_HAVING_PT_REGS
#define probe_pt_regs(regs)	(&arch_ftrace_regs(regs)->regs)
#else
#define probe_pt_regs(regs)	ftrace_partial_regs(regs, &(struct pt_regs) { })
#endif
#else
#define probe_regs		pt_regs
#define probe_pt_regs(regs)	(regs)
#define probe_instances		nr_maxactive
#endif

static int on_entry(struct fprobe *probe, unsigned long ip, unsigned long ret,
		    struct probe_regs *regs, void *data)
{
	struct pgtag_exit *hook = container_of(probe, struct pgtag_exit, probe);

	return enter(hook, data, probe_pt_regs(regs)) ? 0 : 1;
}

static void on_exit(struct fprobe *probe, unsigned long ip, unsigned long ret,
		    struct probe_regs *regs, void *data)
{
	struct pgtag_exit *hook = container_of(probe, struct pgtag_exit, probe);

	leave(hook, data, probe_pt_regs(regs));
}

static int avoid_index_0(struct fprobe *probe, const char *function)
{
	int ret;

	switch (pgtag_graph_index()) {
	case PGTAG_GRAPH_INDEX_FREE:
		/* Taken and given back, it comes last. */
		ret = register_fprobe_syms(probe, &function, 1);
		if (!ret)
			unregister_fprobe(probe);
		return ret;
	case PGTAG_GRAPH_INDEX_WARNS:
		pr_warn("function graph tracing is on and has place 0 left, where a hook makes this kernel warn; stop the tracer, load this module again, then start the tracer\n");
		return -EBUSY;
	default:
		return 0;
	}
}

static int attach(struct pgtag_exit *hook, const char *function)
{
	int ret;

	hook->probe.entry_handler = on_entry;
	hook->probe.exit_handler = on_exit;
	hook->probe.entry_data_size = sizeof(struct kept);
#ifdef probe_instances
	hook->probe.probe_instances = ACTIVE_AT_ONCE;
#endif
	ret = avoid_index_0(&hook->probe, function);
	return ret ? ret : register_fprobe_syms(&hook->probe, &function, 1);
}

static int detach(struct pgtag_exit *hook)
{
	return unregister_fprobe(&hook->probe);
}

#else

static struct pgtag_exit *hook_of(struct kretprobe_instance *instance)
{
	return container_of(get_kretprobe(instance), struct pgtag_exit, probe);
}

static int on_entry(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	return enter(hook_of(instance), instance->data, regs) ? 0 : 1;
}

static int on_exit(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	leave(hook_of(instance), instance->data, regs);
	return 0;
}

static int attach(struct pgtag_exit *hook, const char *function)
{
	hook->probe.kp.symbol_name = function;
	hook->probe.entry_handler = on_entry;
	hook->probe.handler = on_exit;
	hook->probe.data_size = sizeof(struct kept);
	hook->probe.maxactive = ACTIVE_AT_ONCE;
	return register_kretprobe(&hook->probe);
}

static int detach(struct pgtag_exit *hook)
{
	const struct kprobe *probe = &hook->probe.kp;

	unregister_kretprobe(&hook->probe);
	/* It has no other way to say that it could not. */
	return (unsigned long)probe->addr ? 0 : -EBUSY;
}

#endif

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

/**
 * pgtag_exit_attach - hook a function's entry and exit
 * @function: its name
 * @calls: what to call; must outlive the hook
 *
 * Context: process context, may sleep.
 * Return: the hook, or an ERR_PTR().
 */
struct pgtag_exit *pgtag_exit_attach(const char *function,
				     const struct pgtag_exit_calls *calls)
{
	struct pgtag_exit *hook = kzalloc(sizeof(*hook), GFP_KERNEL);
	int ret;

	if (!hook)
		return ERR_PTR(-ENOMEM);
	hook->calls = calls;
	hook->number = ktime_get_ns();
	ret = attach(hook, function);
	if (ret) {
		kfree(hook);
		return ERR_PTR(ret);
	}
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
	int ret = pgtag_ftrace_dead() ? -ENODEV : detach(hook);

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
#if IS_ENABLED(CONFIG_FPROBE)
	return hook->probe.nmissed;
#else
	return hook->probe.nmissed + hook->probe.kp.nmissed;
#endif
}

/**
 * pgtag_exit_mechanism - what this kernel's exit hooks are made of
 */
const char *pgtag_exit_mechanism(void)
{
	return IS_ENABLED(CONFIG_FPROBE) ? "fprobe exit" : "kretprobe";
}
