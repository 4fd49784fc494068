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
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uio.h>

#include <pgtag/guard.h>
#include <pgtag/stay.h>
#include <shim/ftrace.h>
#include <shim/symbol.h>

/* Arguments of sysctl_numa_balancing(table, write, buffer, lenp, ppos) */
#define SYSCTL_WRITE	1

/* What the exchange says of a page whose field nobody has set. */
static int cpupid_unset(void *page, int cpupid)
{
	return LAST_CPUPID_MASK;
}

static void exchange_cpupid(unsigned long ip, unsigned long parent_ip,
			    struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	pgtag_ftrace_divert(fregs, (unsigned long)cpupid_unset);
}

static int refuse_balancing(const void *table, int write, void *buffer,
			    size_t *lenp, loff_t *ppos)
{
	pr_warn("NUMA balancing stays off while the tags are kept in its field of page->flags; to have it back: %s\n",
		pgtag_stays() ? "reboot" : "rmmod pgtag_compress");
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

	if (!ret) {
		guard->ops.flags |= FTRACE_OPS_FL_PERMANENT |
				    FTRACE_OPS_FL_IPMODIFY | PGTAG_FTRACE_REGS;
		ret = register_ftrace_function(&guard->ops);
		if (!ret)
			return 0;
		pgtag_ftrace_free_filter(&guard->ops);
	}
	if (ret == -EBUSY)
		pr_err("%s() is redirected by somebody else (a livepatch?): storage=table does without it; or kernel.ftrace_enabled is 0\n",
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

/*
 * A guard that cannot be taken away stands for ever, and does no harm: NUMA
 * balancing stays off, and nobody else needs the field.
 */
static void lower(struct guard *guard)
{
	const char *name = guard->function;
	int ret;

	if (!name)
		return;
	guard->function = NULL;
	/* Waits until no task is inside the callback or the replacement. */
	ret = unregister_ftrace_function(&guard->ops);
	if (ret)
		pgtag_stay(name, ret);
	else
		pgtag_ftrace_free_filter(&guard->ops);
}

/*
 * Not with kernel_read(), which asks fanotify: that must not be waited for by
 * somebody who is writing to the same file system, and that is who turns
 * profiling on through its sysctl.
 */
static ssize_t read_sysctl(struct file *file, char *text, size_t size)
{
	struct kvec vec = { .iov_base = text, .iov_len = size };
	struct iov_iter iter;
	struct kiocb kiocb;

	/* Somebody may have mounted something else there. */
	if (!file->f_op->read_iter)
		return -EINVAL;
	init_sync_kiocb(&kiocb, file);
	iov_iter_kvec(&iter, READ, &vec, 1, size);
	return file->f_op->read_iter(&kiocb, &iter);
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
	length = read_sysctl(file, text, sizeof(text) - 1);
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
 *
 * Context: process context, may sleep.
 * Return: 0 or an error, explained in the log; -EBUSY if NUMA balancing is on.
 */
int pgtag_guard_up(void)
{
	int ret = keep_balancing_off();

	if (!ret) {
		ret = raise(&cpupid_guard);
		if (ret == -ENOENT)
			pr_err("this kernel has no cpupid exchange to guard\n");
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
	if (guard->function)
		seq_printf(m, "guard %s: %s\n", guard->what, guard->function);
}

/**
 * pgtag_guard_show - print what is guarded
 * @m: where to
 *
 * Context: process context.
 */
void pgtag_guard_show(struct seq_file *m)
{
	show(m, &cpupid_guard);
	show(m, &balancing_guard);
}
