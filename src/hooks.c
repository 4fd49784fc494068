// SPDX-License-Identifier: GPL-2.0
/*
 * The hook table: one row an event, with the functions that are this event in
 * one kernel or another. Hooks attach by name. A row that finds none of its
 * names is reported with what can no longer be accounted.
 *
 * Order matters. Rows attach from first to last, so that nothing is tagged
 * before everything that must see a tag is there; and they detach from last
 * to first, so that nothing is tagged any more when the first of those goes.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/ftrace.h>
#include <linux/printk.h>
#include <linux/seq_file.h>
#include <linux/tracepoint.h>

#include <pgtag/events.h>
#include <pgtag/guard.h>
#include <pgtag/hooks.h>
#include <pgtag/stats.h>
#include <pgtag/storage.h>
#include <shim/exit.h>
#include <shim/ftrace.h>
#include <shim/symbol.h>

#define NR_NAMES	3

/**
 * struct hook - a row of the table
 * @event: what it sees, in the words of the design
 * @lost: what cannot be accounted without it
 * @needed: no load without it
 * @names: functions or trace events to attach to, the first that exists
 * @hits: its counter
 * @probe: for a trace event: what to call
 * @entry: for a function's entry: what to call, with its first three arguments
 * @exit: for a function's exit: what to call
 * @attached: the name that was found and attached to
 * @tracepoint: the trace event, while attached
 * @ops: ftrace's handle for @entry
 * @handle: the handle for @exit, while attached
 */
struct hook {
	const char *event;
	const char *lost;
	bool needed;
	const char *names[NR_NAMES];
	enum pgtag_stat hits;
	void *probe;
	void (*entry)(const unsigned long *args);
	const struct pgtag_exit_calls *exit;

	const char *attached;
	struct tracepoint *tracepoint;
	struct ftrace_ops ops;
	struct pgtag_exit *handle;
};

static const struct pgtag_exit_calls bulk_calls = {
	.entry = pgtag_event_bulk_entry,
	.exit = pgtag_event_bulk_exit,
};

static struct hook hooks[] = {
	{
		.event = "free",
		.needed = true,
		.names = { "mm_page_free" },
		.hits = PGTAG_HIT_FREE,
		.probe = pgtag_event_free,
	}, {
		.event = "migrate",
		.lost = "a migrated page loses its tag",
		.needed = true,
		.names = { "folio_migrate_flags" },
		.hits = PGTAG_HIT_MIGRATE,
		.entry = pgtag_event_migrate,
	}, {
		.event = "split_page",
		.lost = "pages split off with split_page() are not counted",
		.names = { "split_page" },
		.hits = PGTAG_HIT_SPLIT_PAGE,
		.entry = pgtag_event_split_page,
	}, {
		.event = "alloc_exact",
		.lost = "pages of alloc_pages_exact() are not counted one by one",
		.names = { "make_alloc_exact" },
		.hits = PGTAG_HIT_ALLOC_EXACT,
		.entry = pgtag_event_alloc_exact,
	}, {
		.event = "alloc_bulk",
		.lost = "pages allocated in bulk have no tag",
		.names = { "alloc_pages_bulk_noprof", "__alloc_pages_bulk" },
		.hits = PGTAG_HIT_BULK,
		.exit = &bulk_calls,
	}, {
		.event = "alloc",
		.needed = true,
		.names = { "mm_page_alloc" },
		.hits = PGTAG_HIT_ALLOC,
		.probe = pgtag_event_alloc,
	},
};

static void on_entry(unsigned long ip, unsigned long parent_ip,
		     struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	const struct hook *hook = container_of(ops, struct hook, ops);
	const unsigned long args[] = {
		pgtag_ftrace_argument(fregs, 0),
		pgtag_ftrace_argument(fregs, 1),
		pgtag_ftrace_argument(fregs, 2),
	};

	this_cpu_inc(pgtag_stats.count[hook->hits]);
	hook->entry(args);
}

struct search {
	const char *name;
	struct tracepoint *found;
};

static void match_tracepoint(struct tracepoint *tracepoint, void *arg)
{
	struct search *search = arg;

	if (!strcmp(tracepoint->name, search->name))
		search->found = tracepoint;
}

static int attach_tracepoint(struct hook *hook, const char *name)
{
	struct search search = { .name = name };
	int ret;

	for_each_kernel_tracepoint(match_tracepoint, &search);
	if (!search.found)
		return -ENOENT;
	ret = tracepoint_probe_register(search.found, hook->probe, NULL);
	if (!ret)
		hook->tracepoint = search.found;
	return ret;
}

/*
 * An event that is missed is an account that is wrong, so these are PERMANENT
 * too. No recursion protection, as in guard.c: none of the handlers calls a
 * function that is hooked here.
 */
static int attach_entry(struct hook *hook, const char *name)
{
	unsigned long address = pgtag_symbol_address(name);
	int ret;

	if (!address)
		return -ENOENT;
	hook->ops.func = on_entry;
	hook->ops.flags = FTRACE_OPS_FL_PERMANENT | PGTAG_FTRACE_REGS;
	ret = ftrace_set_filter_ip(&hook->ops, address, 0, 1);
	if (!ret)
		ret = register_ftrace_function(&hook->ops);
	if (ret)
		ftrace_free_filter(&hook->ops);
	return ret;
}

static int attach_exit(struct hook *hook, const char *name)
{
	struct pgtag_exit *handle;

	if (!pgtag_symbol_address(name))
		return -ENOENT;
	handle = pgtag_exit_attach(name, hook->exit);
	if (IS_ERR(handle))
		return PTR_ERR(handle);
	hook->handle = handle;
	return 0;
}

static int attach_to(struct hook *hook, const char *name)
{
	if (hook->probe)
		return attach_tracepoint(hook, name);
	if (hook->entry)
		return attach_entry(hook, name);
	return attach_exit(hook, name);
}

static int attach(struct hook *hook)
{
	int ret = -ENOENT;
	int i;

	for (i = 0; i < NR_NAMES && hook->names[i] && ret == -ENOENT; i++) {
		ret = attach_to(hook, hook->names[i]);
		if (!ret)
			hook->attached = hook->names[i];
	}
	if (!ret)
		return 0;
	if (hook->needed) {
		pr_err("cannot attach to %s, error %d: not loaded\n",
		       hook->names[0], ret);
		return ret;
	}
	pr_warn("cannot attach to %s, error %d: %s\n", hook->names[0], ret,
		hook->lost);
	return 0;
}

static void detach(struct hook *hook)
{
	if (!hook->attached)
		return;
	hook->attached = NULL;
	if (hook->probe) {
		tracepoint_probe_unregister(hook->tracepoint, hook->probe,
					    NULL);
		tracepoint_synchronize_unregister();
	} else if (hook->entry) {
		/* Waits until no task is inside the callback. */
		unregister_ftrace_function(&hook->ops);
		ftrace_free_filter(&hook->ops);
	} else {
		pgtag_exit_detach(hook->handle);
	}
}

/**
 * pgtag_hooks_attach - attach every hook of the table
 *
 * Context: process context, may sleep.
 * Return: 0, or an error if a hook that is needed cannot be attached; then it
 * has been explained and none is attached.
 */
int pgtag_hooks_attach(void)
{
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		ret = attach(&hooks[i]);
		if (ret) {
			pgtag_hooks_detach();
			return ret;
		}
	}
	return 0;
}

/**
 * pgtag_hooks_detach - detach every hook that is attached
 *
 * Context: process context, may sleep. When this returns, no handler runs and
 * none will.
 */
void pgtag_hooks_detach(void)
{
	size_t i = ARRAY_SIZE(hooks);

	while (i--)
		detach(&hooks[i]);
}

static const char *mechanism(const struct hook *hook)
{
	if (hook->probe)
		return "trace event";
	return hook->entry ? "function entry" : pgtag_exit_mechanism();
}

static void show(struct seq_file *m, const struct hook *hook)
{
	if (!hook->attached) {
		seq_printf(m, "hook %s: %s %s, not attached\n", hook->event,
			   hook->names[0], mechanism(hook));
		return;
	}
	seq_printf(m, "hook %s: %s %s, %lu hits\n", hook->event,
		   hook->attached, mechanism(hook), pgtag_stat_sum(hook->hits));
}

/**
 * pgtag_hooks_show - print each hook: function, mechanism, hits
 * @m: where to
 *
 * Context: process context.
 */
void pgtag_hooks_show(struct seq_file *m)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hooks); i++)
		show(m, &hooks[i]);
}
