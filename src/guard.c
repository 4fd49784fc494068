// SPDX-License-Identifier: GPL-2.0
/*
 * Keeping the borrowed field.
 *
 * While NUMA balancing is off its LAST_CPUPID field is dormant, but not
 * untouched: migration, folio splits and copy-on-write reuse exchange it, all
 * through one function. That function is replaced by one that leaves the
 * field alone and answers "unset", so no tag is ever lost to it, and none is
 * ever taken for a CPU number. And while the field is borrowed the sysctl
 * that would turn NUMA balancing on is refused.
 *
 * Both are ftrace callbacks that redirect the call. They are PERMANENT, so
 * that kernel.ftrace_enabled=0 is refused while they are needed. They ask for
 * no recursion protection: it works by leaving callbacks out, and these may
 * never be left out. They need none, for nothing they call is traced by them.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kallsyms.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include <pgtag/events.h>
#include <pgtag/guard.h>
#include <pgtag/names.h>
#include <pgtag/stats.h>
#include <shim/ftrace.h>
#include <shim/symbol.h>

static bool keeping;		/* the field is borrowed */
static void (*on_folio_split)(struct page *page);

/* Arguments of sysctl_numa_balancing(table, write, buffer, lenp, ppos) */
#define SYSCTL_WRITE	1

/*
 * Who calls the exchange: about five places in the kernel. Entries are added
 * under the lock and never change, so readers need none.
 */
struct exchanger {
	unsigned long ip;
	bool splits;
};

static struct exchanger exchangers[16];
static unsigned int nr_exchangers;
static DEFINE_RAW_SPINLOCK(exchangers_lock);

static bool add_exchanger(unsigned long ip)
{
	static char symbol[KSYM_SYMBOL_LEN];	/* under the lock */
	unsigned long flags;
	bool splits;

	raw_spin_lock_irqsave(&exchangers_lock, flags);
	sprint_symbol(symbol, ip);
	splits = pgtag_name_is_split(symbol);
	if (nr_exchangers < ARRAY_SIZE(exchangers)) {
		exchangers[nr_exchangers].ip = ip;
		exchangers[nr_exchangers].splits = splits;
		/* Whoever sees the new number sees the entry below it. */
		smp_store_release(&nr_exchangers, nr_exchangers + 1);
	}
	raw_spin_unlock_irqrestore(&exchangers_lock, flags);
	return splits;
}

static bool called_by_split(unsigned long ip)
{
	unsigned int i, nr;

	/* Pairs with the release in add_exchanger(). */
	nr = smp_load_acquire(&nr_exchangers);
	for (i = 0; i < nr; i++) {
		if (exchangers[i].ip == ip)
			return exchangers[i].splits;
	}
	return add_exchanger(ip);
}

/* What the exchange says of a page whose field nobody has set. */
static int cpupid_unset(void *page, int cpupid)
{
	return LAST_CPUPID_MASK;
}

static void exchange_cpupid(unsigned long ip, unsigned long parent_ip,
			    struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	pgtag_count(PGTAG_HIT_CPUPID);
	if (called_by_split(parent_ip))
		on_folio_split((struct page *)pgtag_ftrace_argument(fregs, 0));
	if (keeping)
		pgtag_ftrace_divert(fregs, (unsigned long)cpupid_unset);
}

static int refuse_balancing(const void *table, int write, void *buffer,
			    size_t *lenp, loff_t *ppos)
{
	pr_warn("NUMA balancing stays off while the tags are kept in its field of page->flags; to have it back: rmmod pgtag_compress\n");
	return -EBUSY;
}

static void write_balancing(unsigned long ip, unsigned long parent_ip,
			    struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	if ((int)pgtag_ftrace_argument(fregs, SYSCTL_WRITE))
		pgtag_ftrace_divert(fregs, (unsigned long)refuse_balancing);
}

static struct guard {
	const char *what;
	const char * const names[2];
	struct ftrace_ops ops;
	const char *function;		/* the one that is guarded, or NULL */
} cpupid_guard = {
	.what = "cpupid exchange",
	.names = { "folio_xchg_last_cpupid", "page_cpupid_xchg_last" },
	.ops = { .func = exchange_cpupid },
}, balancing_guard = {
	.what = "NUMA balancing switch",
	.names = { "sysctl_numa_balancing" },
	.ops = { .func = write_balancing },
};

static int redirect(struct guard *guard, const char *name, unsigned long address)
{
	int ret = ftrace_set_filter_ip(&guard->ops, address, 0, 1);

	guard->ops.flags = FTRACE_OPS_FL_PERMANENT | PGTAG_FTRACE_REGS;
	if (keeping)
		guard->ops.flags |= FTRACE_OPS_FL_IPMODIFY;
	if (!ret)
		ret = register_ftrace_function(&guard->ops);
	if (!ret)
		return 0;
	ftrace_free_filter(&guard->ops);
	if (ret == -EBUSY)
		pr_err("%s() is already redirected by somebody else (a livepatch?), or kernel.ftrace_enabled is 0\n",
		       name);
	else
		pr_err("ftrace cannot attach to %s(), error %d\n",
		       name, ret);
	return ret;
}

static int raise(struct guard *guard)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(guard->names) && guard->names[i]; i++) {
		unsigned long address = pgtag_symbol_address(guard->names[i]);

		if (!address)
			continue;
		ret = redirect(guard, guard->names[i], address);
		if (!ret)
			guard->function = guard->names[i];
		return ret;
	}
	return -ENOENT;
}

static void lower(struct guard *guard)
{
	if (!guard->function)
		return;
	guard->function = NULL;
	/* Waits until no task is inside the callback or the replacement. */
	unregister_ftrace_function(&guard->ops);
	ftrace_free_filter(&guard->ops);
}

/**
 * pgtag_balancing_on - is NUMA balancing on?
 * @on: the answer
 *
 * The kernel exports neither its switch nor its mode, but everybody may read
 * the sysctl.
 *
 * Context: process context, may sleep.
 * Return: 0, or an error if the sysctl cannot be read.
 */
int pgtag_balancing_on(bool *on)
{
	static const char path[] = "/proc/sys/kernel/numa_balancing";
	char text[16] = "";
	struct file *file;
	unsigned int mode;
	loff_t at = 0;
	ssize_t length;

	*on = false;
	if (!IS_ENABLED(CONFIG_NUMA_BALANCING))
		return 0;
	file = filp_open(path, O_RDONLY, 0);
	if (IS_ERR(file)) {
		pr_err("%s cannot be read, so nobody knows whether NUMA balancing is on\n",
		       path);
		return PTR_ERR(file);
	}
	length = kernel_read(file, text, sizeof(text) - 1, &at);
	filp_close(file, NULL);
	if (length < 0)
		return length;
	if (kstrtouint(strim(text), 10, &mode))
		return -EIO;
	*on = mode;
	return 0;
}

/*
 * The sysctl first. A writer that was inside it before sets the mode without
 * sleeping and may sleep only after that, so once every task has been
 * scheduled the mode tells, and it stays.
 */
static int keep_balancing_off(void)
{
	bool on;
	int ret = raise(&balancing_guard);

	if (ret == -ENOENT)
		pr_err("this kernel has no switch of NUMA balancing to guard\n");
	if (ret)
		return ret;
	synchronize_rcu_tasks();
	ret = pgtag_balancing_on(&on);
	if (!ret && on) {
		pr_err("NUMA balancing was just switched on\n");
		ret = -EBUSY;
	}
	return ret;
}

/**
 * pgtag_guard_up - begin to keep the field
 * @borrowed: there is a field to keep, it belongs to NUMA balancing
 * @events: to be told when a folio comes off another
 *
 * Without a field to keep the exchange still says when a folio is split. A
 * kernel built without NUMA balancing has none.
 *
 * Context: process context, may sleep.
 * Return: 0 or an error, explained in the log; -EBUSY if NUMA balancing is on
 * and the field is borrowed from it.
 */
int pgtag_guard_up(bool borrowed, const struct pgtag_events *events)
{
	int ret;

	keeping = borrowed;
	on_folio_split = events->folio_split;
	ret = borrowed ? keep_balancing_off() : 0;
	if (!ret) {
		ret = raise(&cpupid_guard);
		if (ret == -ENOENT && borrowed)
			pr_err("this kernel has no cpupid exchange to guard\n");
		if (ret == -ENOENT && !borrowed)
			ret = 0;
	}
	if (ret)
		pgtag_guard_down();
	return ret;
}

/**
 * pgtag_guard_down - give the field back
 *
 * Context: process context, may sleep. Every page reads NULL.
 */
void pgtag_guard_down(void)
{
	lower(&cpupid_guard);
	lower(&balancing_guard);
}

static void show(struct seq_file *m, const struct guard *guard)
{
	seq_printf(m, "guard %s: %s\n", guard->what, guard->function);
}

/**
 * pgtag_guard_show - print what is guarded, and who tells of folio splits
 * @m: where to
 *
 * Context: process context.
 */
void pgtag_guard_show(struct seq_file *m)
{
	if (cpupid_guard.function)
		seq_printf(m, "hook folio_split: %s function entry, %lu hits\n",
			   cpupid_guard.function,
			   pgtag_stat_sum(PGTAG_HIT_FOLIO_SPLIT));
	else
		seq_puts(m, "hook folio_split: not attached\n");
	if (keeping) {
		show(m, &cpupid_guard);
		show(m, &balancing_guard);
	}
}
