// SPDX-License-Identifier: GPL-2.0
/*
 * Exit hooks over kretprobe, see kernel/kprobes.c. Calls made while another kretprobe's
 * handler is at work on the same CPU are missed: in an interrupt of it, say.
 */
#include <linux/kprobes.h>

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

static int attach(struct pgtag_exit *hook, const char *function)
{
	struct kretprobe *probe = &by_kretprobe(hook)->probe;

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

const struct pgtag_exit_kind pgtag_exit_kretprobe = {
	.name = "kretprobe",
	.size = sizeof(struct by_kretprobe),
	.attach = attach,
	.detach = detach,
	.missed = missed,
};
