// SPDX-License-Identifier: GPL-2.0
/*
 * Modules that come and go.
 *
 * One that comes may bring more call sites than there are indices left: its
 * calls into the allocator API are counted before it runs.
 *
 * One that goes does so in two steps: its init section when it is live, the
 * rest when it is removed. Another module may then get the same addresses, so
 * they are forgotten; the names of its sites are kept.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/printk.h>

#include <pgtag/caller.h>
#include <pgtag/calls.h>
#include <pgtag/modules.h>
#include <pgtag/tags.h>
#include <shim/module.h>

static void (*on_full)(void);

/* With a shared tag for late comers nothing is ever too much. */
static void make_sure_it_fits(const struct module *mod)
{
	struct pgtag_range core = pgtag_module_core(mod);
	struct pgtag_range init = pgtag_module_init(mod);
	u32 left = pgtag_tags_capacity() - pgtag_tags_used();
	u32 calls = pgtag_count_api_calls(core.start, core.end) +
		    pgtag_count_api_calls(init.start, init.end);

	if (pgtag_tags_share() || calls <= left)
		return;
	pr_warn("module %s calls the page allocator from %u places, %u of %u tags are left\n",
		mod->name, calls, left, pgtag_tags_capacity());
	on_full();
}

/* The names first, so that they are there when the paths are not. */
static void forget(struct pgtag_range range, bool there)
{
	if (range.start == range.end)
		return;
	pgtag_tags_forget(range.start, range.end, there);
	pgtag_caller_forget(range.start, range.end);
}

/*
 * Before a module's code runs, what was learned of its addresses is of code that
 * was there before: BPF programs, or an init section with asynchronous functions,
 * which go on after the module is live, but end before the section goes.
 */
static void forget_former(const struct module *mod)
{
	forget(pgtag_module_init(mod), false);
	forget(pgtag_module_core(mod), false);
}

static int on_module(struct notifier_block *block, unsigned long action,
		     void *data)
{
	struct module *mod = data;

	switch (action) {
	case MODULE_STATE_COMING:
		forget_former(mod);
		make_sure_it_fits(mod);
		break;
	case MODULE_STATE_LIVE:
		forget(pgtag_module_init(mod), true);
		break;
	case MODULE_STATE_GOING:
		forget(pgtag_module_init(mod), true);
		forget(pgtag_module_core(mod), true);
	}
	return NOTIFY_OK;
}

static struct notifier_block watcher = { .notifier_call = on_module };

/**
 * pgtag_modules_watch - begin to follow modules
 * @full: called when one comes whose sites would not fit; see to it that
 *	profiling is disabled, but not from within the call
 *
 * Context: process context, may sleep. Tags and callers are ready.
 * Return: 0 or a negative error.
 */
int pgtag_modules_watch(void (*full)(void))
{
	on_full = full;
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
