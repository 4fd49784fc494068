// SPDX-License-Identifier: GPL-2.0
/* Exit hooks over kretprobe, see kernel/kprobes.c. */
#include <linux/kprobes.h>
#include <linux/slab.h>

#include "exit_kind.h"

struct by_kretprobe {
	struct pgtag_exit hook;		/* first: it is freed by its address */
	struct kretprobe probe;
};

static struct by_kretprobe *by_kretprobe(const struct pgtag_exit *hook)
{
	return container_of(hook, struct by_kretprobe, hook);
}

static const struct pgtag_exit *hook_of(struct kretprobe_instance *instance)
{
	return &container_of(get_kretprobe(instance), struct by_kretprobe, probe)->hook;
}

static int on_entry(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	return pgtag_exit_enter(hook_of(instance), (void *)instance->data, regs) ? 0 : 1;
}

static int on_exit(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	pgtag_exit_leave(hook_of(instance), (void *)instance->data, regs);
	return 0;
}

static int attach(struct kretprobe *probe, const char *function)
{
	probe->kp.symbol_name = function;
	probe->entry_handler = on_entry;
	probe->handler = on_exit;
	probe->data_size = sizeof(struct pgtag_exit_kept);
	probe->maxactive = PGTAG_EXITS_AT_ONCE;
	return register_kretprobe(probe);
}

static int detach(struct pgtag_exit *hook)
{
	struct kretprobe *probe = &by_kretprobe(hook)->probe;
	const struct kprobe *entry = &probe->kp;

	unregister_kretprobe(probe);
	/* It has no other way to say that it could not. */
	return (unsigned long)entry->addr ? 0 : -EBUSY;
}

static unsigned long missed(const struct pgtag_exit *hook)
{
	const struct kretprobe *probe = &by_kretprobe(hook)->probe;

	return probe->nmissed + probe->kp.nmissed;
}

static const struct pgtag_exit_kind kind = {
	.name = "kretprobe",
	.detach = detach,
	.missed = missed,
};

/**
 * pgtag_exit_by_kretprobe - hook a function's entry and exit with a kretprobe
 * @function: its name
 * @calls: what to call; must outlive the hook
 *
 * Calls made while another probe of this sort is at work on the same CPU are
 * missed: in an interrupt of its handler, say.
 *
 * Context: process context, may sleep.
 * Return: the hook, or an ERR_PTR().
 */
struct pgtag_exit *pgtag_exit_by_kretprobe(const char *function,
					   const struct pgtag_exit_calls *calls)
{
	struct by_kretprobe *by = kzalloc(sizeof(*by), GFP_KERNEL);
	int ret;

	if (!by)
		return ERR_PTR(-ENOMEM);
	pgtag_exit_init(&by->hook, &kind, calls);
	ret = attach(&by->probe, function);
	if (ret) {
		kfree(by);
		return ERR_PTR(ret);
	}
	return &by->hook;
}
