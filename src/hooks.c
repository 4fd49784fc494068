// SPDX-License-Identifier: GPL-2.0
/*
 * The hook table: one row an event, with the functions that are this event in
 * one kernel or another. Hooks attach by name. A row that finds none of its
 * names is reported with what can no longer be accounted.
 *
 * They come in groups. The ones that follow tagged pages (free, split, migrate)
 * are attached as long as there may be any; the ones that tag pages come after
 * them and go before them, whenever profiling is turned on or off. Of those,
 * the ones that take long to detach sleep a while before they go.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/ftrace.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/tracepoint.h>

#include <pgtag/events.h>
#include <pgtag/hooks.h>
#include <pgtag/object_events.h>
#include <pgtag/stats.h>
#include <pgtag/stay.h>
#include <shim/exit.h>
#include <shim/ftrace.h>
#include <shim/hugetlb.h>
#include <shim/split.h>
#include <shim/symbol.h>

#define NR_NAMES	3

/**
 * struct hook - a row of the table
 * @event: what it sees, in the words of the design
 * @lost: what cannot be accounted without it; NULL if nothing can
 * @newer: not every kernel has it, nor needs it
 * @group: when it is attached
 * @names: functions or trace events to attach to, the first that exists
 * @hits: its counter
 * @handler: where what it calls is, in &struct pgtag_events or &struct pgtag_object_events
 * @mechanism: how it attaches
 * @attached: the name that was found and attached to
 * @missing: it could not be attached, and something is lost
 * @entry: for a function's entry, while attached: what to call
 * @tracepoint: for a trace event, while attached
 * @probe: for a trace event, while attached: what to call
 * @ops: ftrace's handle for a function's entry
 * @exit: the handle for a function's exit, while attached
 */
struct hook {
	const char *event;
	const char *lost;
	bool newer;
	enum pgtag_hook_group group;
	const char *names[NR_NAMES];
	enum pgtag_stat hits;
	size_t handler;
	enum { TRACE_EVENT, ENTRY, EXIT } mechanism;

	const char *attached;
	bool missing;
	void (*entry)(const unsigned long *args);
	struct tracepoint *tracepoint;
	void *probe;
	struct ftrace_ops ops;
	struct pgtag_exit *exit;
};

/* Who changes the rows, and who prints them. */
static DEFINE_MUTEX(lock);

#define HANDLER(name) offsetof(struct pgtag_events, name)
#define OBJECT_HANDLER(name) offsetof(struct pgtag_object_events, name)

static struct hook hooks[] = {
	{
		.event = "free",
		.group = PGTAG_HOOKS_FOLLOW,
		.names = { "mm_page_free" },
		.hits = PGTAG_HIT_FREE,
		.handler = HANDLER(free),
		.mechanism = TRACE_EVENT,
	}, {
		.event = "migrate",
		.group = PGTAG_HOOKS_FOLLOW,
		.names = { "folio_migrate_flags" },
		.hits = PGTAG_HIT_MIGRATE,
		.handler = HANDLER(migrate),
		.mechanism = ENTRY,
	}, {
		.event = "migrate_target",
		.lost = "balloon and zsmalloc pages that are moved lose their tag",
		.group = PGTAG_HOOKS_FOLLOW,
		.names = { "alloc_migration_target" },
		.hits = PGTAG_HIT_TARGET,
		.handler = HANDLER(target),
		.mechanism = EXIT,
	}, {
		.event = "compaction",
		.lost = "balloon and zsmalloc pages that compaction moves lose their tag",
		.group = PGTAG_HOOKS_FOLLOW,
		.names = { "compaction_alloc" },
		.hits = PGTAG_HIT_COMPACTION,
		.handler = HANDLER(compaction),
		.mechanism = EXIT,
	}, {
		.event = "split",
		.lost = "pieces of what is split are not counted",
		.group = PGTAG_HOOKS_FOLLOW,
		.names = { "split_page_memcg" },
		.hits = PGTAG_HIT_SPLIT,
		.handler = HANDLER(split),
		.mechanism = ENTRY,
	}, {
		.event = "folio_split",
		.lost = "pieces of large folios that are split are not counted",
		.newer = !PGTAG_FOLIO_SPLIT_APART,
		.group = PGTAG_HOOKS_FOLLOW,
		.names = { "folio_split_memcg_refs" },
		.hits = PGTAG_HIT_FOLIO_SPLIT,
		.handler = HANDLER(folio_split),
		.mechanism = ENTRY,
	}, {
		.event = "hugetlb_new",
		.lost = "gigantic hugetlb pages have a call for each page",
		.newer = PGTAG_GIGANTIC_WHOLE,
		.group = PGTAG_HOOKS_FOLLOW,
		.names = PGTAG_HUGETLB_NEW,
		.hits = PGTAG_HIT_HUGETLB_NEW,
		.handler = HANDLER(hugetlb_new),
		.mechanism = ENTRY,
	}, {
		.event = "hugetlb_restore",
		.lost = "hugetlb pages that are demoted stay with their site for ever",
		.newer = !PGTAG_MAP_IS_GIVEN_BACK,
		.group = PGTAG_HOOKS_FOLLOW,
		.names = PGTAG_HUGETLB_RESTORE,
		.hits = PGTAG_HIT_RESTORE,
		.handler = HANDLER(hugetlb_restore),
		.mechanism = EXIT,
	}, {
		.event = "hugetlb_remove",
		.lost = "hugetlb pages that are demoted stay with their site for ever",
		.newer = PGTAG_MAP_IS_GIVEN_BACK || !IS_ENABLED(CONFIG_HUGETLB_PAGE),
		.group = PGTAG_HOOKS_FOLLOW,
		.names = PGTAG_HUGETLB_REMOVE,
		.hits = PGTAG_HIT_RESTORE,
		.handler = HANDLER(hugetlb_remove),
		.mechanism = ENTRY,
	}, {
		.event = "gigantic_free",
		.lost = "gigantic hugetlb pages that are freed stay with their site",
		.newer = PGTAG_MAP_IS_GIVEN_BACK || PGTAG_GIGANTIC_WHOLE,
		.group = PGTAG_HOOKS_FOLLOW,
		.names = PGTAG_GIGANTIC_FREE,
		.hits = PGTAG_HIT_GIGANTIC_FREE,
		.handler = HANDLER(gigantic_free),
		.mechanism = ENTRY,
	}, {
		.event = "bad",
		.lost = "pages that are found bad when they are freed keep their tag's number",
		.group = PGTAG_HOOKS_FOLLOW,
		.names = { "bad_page" },
		.hits = PGTAG_HIT_BAD,
		.handler = HANDLER(bad),
		.mechanism = ENTRY,
	}, {
		.event = "alloc_bulk",
		.lost = "pages allocated in bulk have no tag",
		.group = PGTAG_HOOKS_RANGES,
		.names = { "alloc_pages_bulk_noprof", "__alloc_pages_bulk" },
		.hits = PGTAG_HIT_BULK,
		.handler = HANDLER(bulk),
		.mechanism = EXIT,
	}, {
		.event = "alloc_contig",
		.lost = "pages of contiguous ranges (CMA, gigantic pages) have no tag",
		.group = PGTAG_HOOKS_RANGES,
		.names = { "alloc_contig_frozen_range_noprof",
			   "alloc_contig_range_noprof", "alloc_contig_range" },
		.hits = PGTAG_HIT_CONTIG,
		.handler = HANDLER(contig),
		.mechanism = EXIT,
	}, {
		.event = "alloc",
		.group = PGTAG_HOOKS_EVENTS,
		.names = { "mm_page_alloc" },
		.hits = PGTAG_HIT_ALLOC,
		.handler = HANDLER(alloc),
		.mechanism = TRACE_EVENT,
	}, {
		.event = "alloc",
		.group = PGTAG_HOOKS_FUNCTIONS,
		.names = { "__alloc_frozen_pages_noprof",
			   "__alloc_pages_noprof", "__alloc_pages" },
		.hits = PGTAG_HIT_ALLOC,
		.handler = HANDLER(call),
		.mechanism = EXIT,
	}, {
		.event = "alloc_nolock",
		.lost = "pages allocated without a lock have no tag",
		.newer = true,
		.group = PGTAG_HOOKS_FUNCTIONS,
		.names = { "alloc_frozen_pages_nolock_noprof" },
		.hits = PGTAG_HIT_ALLOC_NOLOCK,
		.handler = HANDLER(call_nolock),
		.mechanism = EXIT,
	}, {
		.event = "kfree",
		.group = PGTAG_HOOKS_HELD,
		.names = { "kfree" },
		.hits = PGTAG_HIT_KFREE,
		.handler = OBJECT_HANDLER(kfree),
		.mechanism = TRACE_EVENT,
	}, {
		.event = "cache_free",
		.group = PGTAG_HOOKS_HELD,
		.names = { "kmem_cache_free" },
		.hits = PGTAG_HIT_CACHE_FREE,
		.handler = OBJECT_HANDLER(cache_free),
		.mechanism = TRACE_EVENT,
	}, {
		.event = "bulk_free",
		.group = PGTAG_HOOKS_HELD,
		.names = { "kmem_cache_free_bulk" },
		.hits = PGTAG_HIT_OBJECTS_FREE,
		.handler = OBJECT_HANDLER(bulk_free),
		.mechanism = ENTRY,
	}, {
		.event = "rcu_free",
		.newer = true,
		.group = PGTAG_HOOKS_HELD,
		.names = { "__kfree_rcu_sheaf" },
		.hits = PGTAG_HIT_RCU_FREE,
		.handler = OBJECT_HANDLER(rcu_free),
		.mechanism = ENTRY,
	}, {
		.event = "nolock_free",
		.newer = true,
		.group = PGTAG_HOOKS_HELD,
		.names = { "kfree_nolock" },
		.hits = PGTAG_HIT_NOLOCK_FREE,
		.handler = OBJECT_HANDLER(nolock_free),
		.mechanism = ENTRY,
	}, {
		.event = "slab_free",
		.group = PGTAG_HOOKS_HELD,
		.names = { "__free_slab" },
		.hits = PGTAG_HIT_SLAB_FREE,
		.handler = OBJECT_HANDLER(slab_free),
		.mechanism = ENTRY,
	}, {
		.event = "percpu_free",
		.group = PGTAG_HOOKS_HELD,
		.names = { "percpu_free_percpu" },
		.hits = PGTAG_HIT_PERCPU_FREE,
		.handler = OBJECT_HANDLER(percpu_free),
		.mechanism = TRACE_EVENT,
	}, {
		.event = "bulk_alloc",
		.lost = "objects allocated in bulk have no tag",
		.group = PGTAG_HOOKS_OBJECTS,
		.names = { "kmem_cache_alloc_bulk_noprof", "kmem_cache_alloc_bulk" },
		.hits = PGTAG_HIT_OBJECTS,
		.handler = OBJECT_HANDLER(bulk),
		.mechanism = EXIT,
	}, {
		.event = "nolock_alloc",
		.newer = true,
		.group = PGTAG_HOOKS_OBJECTS,
		.names = { "_kmalloc_nolock_noprof", "kmalloc_nolock_noprof" },
		.hits = PGTAG_HIT_NOLOCK,
		.handler = OBJECT_HANDLER(nolock),
		.mechanism = EXIT,
	}, {
		.event = "kmalloc",
		.group = PGTAG_HOOKS_OBJECTS,
		.names = { "kmalloc" },
		.hits = PGTAG_HIT_KMALLOC,
		.handler = OBJECT_HANDLER(kmalloc),
		.mechanism = TRACE_EVENT,
	}, {
		.event = "cache_alloc",
		.group = PGTAG_HOOKS_OBJECTS,
		.names = { "kmem_cache_alloc" },
		.hits = PGTAG_HIT_CACHE_ALLOC,
		.handler = OBJECT_HANDLER(cache_alloc),
		.mechanism = TRACE_EVENT,
	}, {
		.event = "percpu_alloc",
		.group = PGTAG_HOOKS_OBJECTS,
		.names = { "percpu_alloc_percpu" },
		.hits = PGTAG_HIT_PERCPU,
		.handler = OBJECT_HANDLER(percpu_alloc),
		.mechanism = TRACE_EVENT,
	},
};

/* What it is attached to, or would be; the event, if no function is to be had. */
static const char *name_of(const struct hook *hook)
{
	return hook->attached ?: hook->names[0] ?: hook->event;
}

static void on_entry(unsigned long ip, unsigned long parent_ip,
		     struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	const struct hook *hook = container_of(ops, struct hook, ops);
	const unsigned long args[] = {
		pgtag_ftrace_argument(fregs, 0),
		pgtag_ftrace_argument(fregs, 1),
		pgtag_ftrace_argument(fregs, 2),
	};

	pgtag_count(hook->hits);
	READ_ONCE(hook->entry)(args);
}

/* What a hook calls that cannot be taken away. */
static void ignore(const unsigned long *args)
{
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

static int attach_trace_event(struct hook *hook, const char *name,
			      const void *handler)
{
	struct search search = { .name = name };

	for_each_kernel_tracepoint(match_tracepoint, &search);
	if (!search.found)
		return -ENOENT;
	hook->tracepoint = search.found;
	hook->probe = *(void * const *)handler;
	return tracepoint_probe_register(hook->tracepoint, hook->probe, NULL);
}

/*
 * An event that is missed is an account that is wrong, so these are PERMANENT
 * too. No recursion protection, as in guard.c: none of the handlers calls a
 * function that is hooked here.
 */
static int attach_entry(struct hook *hook, const char *name,
			const void *handler)
{
	unsigned long address = pgtag_symbol_address(name);
	int ret;

	if (!address)
		return -ENOENT;
	ret = ftrace_set_filter_ip(&hook->ops, address, 0, 1);
	if (ret)
		return ret;
	hook->entry = *(typeof(hook->entry) const *)handler;
	hook->ops.func = on_entry;
	hook->ops.flags |= FTRACE_OPS_FL_PERMANENT | PGTAG_FTRACE_REGS;
	ret = register_ftrace_function(&hook->ops);
	if (ret)
		pgtag_ftrace_free_filter(&hook->ops);
	return ret;
}

static int attach_exit(struct hook *hook, const char *name,
		       const void *handler)
{
	struct pgtag_exit *exit;

	if (!pgtag_symbol_address(name))
		return -ENOENT;
	exit = pgtag_exit_attach(name, handler);
	if (IS_ERR(exit))
		return PTR_ERR(exit);
	hook->exit = exit;
	return 0;
}

static int attach_to(struct hook *hook, const char *name, const void *events)
{
	const void *handler = events + hook->handler;

	switch (hook->mechanism) {
	case TRACE_EVENT:
		return attach_trace_event(hook, name, handler);
	case ENTRY:
		return attach_entry(hook, name, handler);
	default:
		return attach_exit(hook, name, handler);
	}
}

static int attach_row(struct hook *hook, const void *events)
{
	int ret = -ENOENT;
	int i;

	if (hook->exit)
		pgtag_exit_pause(hook->exit, false);
	if (hook->attached)
		return 0;
	for (i = 0; i < NR_NAMES && hook->names[i] && ret == -ENOENT; i++) {
		ret = attach_to(hook, hook->names[i], events);
		if (!ret)
			hook->attached = hook->names[i];
	}
	if (!ret || (ret == -ENOENT && hook->newer))
		return 0;
	if (!hook->lost) {
		pr_err("cannot attach to %s, error %d%s\n", name_of(hook), ret,
		       ret == -EBUSY ? " (is kernel.ftrace_enabled 0?)" : "");
		return ret;
	}
	pr_warn("cannot attach to %s, error %d: %s\n", name_of(hook), ret, hook->lost);
	hook->missing = true;
	return 0;
}

/* Waits until no task is inside the callback. */
static int detach_entry(struct hook *hook)
{
	int ret = unregister_ftrace_function(&hook->ops);

	if (!ret) {
		pgtag_ftrace_free_filter(&hook->ops);
		return 0;
	}
	WRITE_ONCE(hook->entry, ignore);
	/* Tasks that were preempted in the old handler, and interrupts of idle ones. */
	synchronize_rcu_tasks();
	synchronize_rcu();
	return ret;
}

static int detach_trace_event(struct hook *hook)
{
	int ret = tracepoint_probe_unregister(hook->tracepoint, hook->probe,
					      NULL);

	tracepoint_synchronize_unregister();
	return ret;
}

static int detach_exit(struct hook *hook)
{
	struct pgtag_exit *exit = hook->exit;

	hook->exit = NULL;
	return pgtag_exit_detach(exit);
}

static int detach_from(struct hook *hook)
{
	switch (hook->mechanism) {
	case TRACE_EVENT:
		return detach_trace_event(hook);
	case ENTRY:
		return detach_entry(hook);
	default:
		return detach_exit(hook);
	}
}

/* Whether or not it could be taken away, its handler is called no more. */
static void detach_row(struct hook *hook)
{
	const char *name = hook->attached;
	int ret;

	hook->missing = false;
	if (!name)
		return;
	hook->attached = NULL;
	ret = detach_from(hook);
	if (ret)
		pgtag_stay(name, ret);
}

static void detach_group(enum pgtag_hook_group group)
{
	size_t i = ARRAY_SIZE(hooks);

	while (i--) {
		if (hooks[i].group == group)
			detach_row(&hooks[i]);
	}
}

static int attach_group(enum pgtag_hook_group group, const void *events)
{
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		if (hooks[i].group != group)
			continue;
		ret = attach_row(&hooks[i], events);
		if (ret) {
			detach_group(group);
			return ret;
		}
	}
	return 0;
}

/**
 * pgtag_hooks_attach - attach a group of hooks, and wake those that sleep
 * @group: which
 * @events: what they call, &struct pgtag_object_events for those of objects
 *
 * Context: process context, may sleep.
 * Return: 0, or an error if a hook without which nothing can be accounted
 * cannot be attached; then it has been explained and none is attached.
 */
int pgtag_hooks_attach(enum pgtag_hook_group group, const void *events)
{
	int ret;

	mutex_lock(&lock);
	ret = attach_group(group, events);
	mutex_unlock(&lock);
	return ret;
}

/**
 * pgtag_hooks_pause - call none of a group of hooks for a while
 * @group: which
 *
 * Trace events are detached. For the exits of functions that would take long,
 * and they are rare: they sleep until they are attached again, or detached.
 *
 * Context: process context, may sleep.
 */
void pgtag_hooks_pause(enum pgtag_hook_group group)
{
	size_t i;

	mutex_lock(&lock);
	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		if (hooks[i].group != group)
			continue;
		if (hooks[i].exit)
			pgtag_exit_pause(hooks[i].exit, true);
		else
			detach_row(&hooks[i]);
	}
	mutex_unlock(&lock);
}

/**
 * pgtag_hooks_detach - detach what is attached of a group of hooks
 * @group: which
 *
 * Context: process context, may sleep. When this returns, none of their
 * handlers runs and none will.
 */
void pgtag_hooks_detach(enum pgtag_hook_group group)
{
	mutex_lock(&lock);
	detach_group(group);
	mutex_unlock(&lock);
}

static const char *mechanism(const struct hook *hook)
{
	switch (hook->mechanism) {
	case TRACE_EVENT:
		return "trace event";
	case ENTRY:
		return "function entry";
	default:
		return hook->exit ? pgtag_exit_mechanism(hook->exit) :
				    "function exit";
	}
}

static void show(struct seq_file *m, const struct hook *hook)
{
	/* Allocations are seen in one of two ways; others this kernel has not. */
	if (!hook->attached &&
	    (hook->group >= PGTAG_HOOKS_EVENTS || hook->newer))
		return;
	seq_printf(m, "hook %s: %s %s, ", hook->event, name_of(hook), mechanism(hook));
	if (!hook->attached)
		seq_puts(m, "not attached, ");
	seq_printf(m, "%lu hits", pgtag_stat_sum(hook->hits));
	if (hook->exit)
		seq_printf(m, ", %lu missed", pgtag_exit_missed(hook->exit));
	seq_putc(m, '\n');
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

	mutex_lock(&lock);
	for (i = 0; i < ARRAY_SIZE(hooks); i++)
		show(m, &hooks[i]);
	mutex_unlock(&lock);
}

/**
 * pgtag_hooks_lost - what is not accounted, for want of a hook
 * @next: where to go on, 0 at first
 *
 * Context: process context.
 * Return: what the next hook that could not be attached would have seen, or NULL if
 * there is none left.
 */
const char *pgtag_hooks_lost(size_t *next)
{
	const char *lost = NULL;

	mutex_lock(&lock);
	while (!lost && *next < ARRAY_SIZE(hooks)) {
		const struct hook *hook = &hooks[(*next)++];

		if (hook->missing)
			lost = hook->lost;
	}
	mutex_unlock(&lock);
	return lost;
}

/**
 * pgtag_hooks_missed - calls of hooked functions that went unseen
 *
 * Context: process context.
 */
unsigned long pgtag_hooks_missed(void)
{
	unsigned long missed = 0;
	size_t i;

	mutex_lock(&lock);
	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		if (hooks[i].exit)
			missed += pgtag_exit_missed(hooks[i].exit);
	}
	mutex_unlock(&lock);
	return missed;
}
