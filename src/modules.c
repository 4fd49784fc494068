// SPDX-License-Identifier: GPL-2.0
/*
 * A module's code goes in two steps: its init section when it is live, the
 * rest when it is removed. Another module may then get the same addresses, so
 * they are forgotten; the names of its sites are kept.
 */
#include <linux/module.h>
#include <linux/notifier.h>

#include <pgtag/caller.h>
#include <pgtag/modules.h>
#include <pgtag/tags.h>
#include <shim/module.h>

/* The paths first: after that nothing is charged to these sites any more. */
static void forget(struct pgtag_range range)
{
	if (range.start == range.end)
		return;
	pgtag_caller_forget(range.start, range.end);
	pgtag_tags_forget(range.start, range.end);
}

static int on_module(struct notifier_block *block, unsigned long action,
		     void *data)
{
	struct module *mod = data;

	if (action == MODULE_STATE_LIVE || action == MODULE_STATE_GOING)
		forget(pgtag_module_init(mod));
	if (action == MODULE_STATE_GOING)
		forget(pgtag_module_core(mod));
	return NOTIFY_OK;
}

static struct notifier_block watcher = { .notifier_call = on_module };

/**
 * pgtag_modules_watch - begin to forget code that goes
 *
 * Context: process context, may sleep. Tags and callers are ready.
 * Return: 0 or a negative error.
 */
int pgtag_modules_watch(void)
{
	return register_module_notifier(&watcher);
}

/**
 * pgtag_modules_unwatch - no more
 *
 * Context: process context, may sleep.
 */
void pgtag_modules_unwatch(void)
{
	unregister_module_notifier(&watcher);
}
