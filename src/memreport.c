// SPDX-License-Identifier: GPL-2.0
/*
 * Out of memory, or SysRq-m: the kernel prints a memory report, and this adds
 * the ten sites that hold most to it, as the kernel's own profiling does.
 *
 * It is a kprobe, for on 6.1 the function lies in a directory that is built
 * without ftrace. The handler may run in any context, so it sleeps nowhere,
 * allocates nothing and waits for no lock: a second report at the same time
 * goes without, so that the lines of two never mix.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/string_helpers.h>

#include <pgtag/memreport.h>
#include <pgtag/profile.h>
#include <pgtag/stay.h>
#include <pgtag/tags.h>

#define TOP	10

/**
 * struct top - the tags that hold most, biggest first
 * @nr: how many there are
 * @index: their indices
 * @sum: what they hold
 */
struct top {
	unsigned int nr;
	u32 index[TOP];
	struct pgtag_counter sum[TOP];
};

static DEFINE_RAW_SPINLOCK(reporting);
static struct top top;						/* under it */
static char name[PGTAG_MAX_DEPTH * KSYM_SYMBOL_LEN];		/* too */

static void rank(u32 index)
{
	struct pgtag_counter sum = pgtag_tag_sum(index);
	unsigned int i;

	if (sum.bytes <= 0)
		return;
	if (top.nr < TOP)
		i = top.nr++;
	else if (sum.bytes > top.sum[TOP - 1].bytes)
		i = TOP - 1;
	else
		return;
	for (; i && sum.bytes > top.sum[i - 1].bytes; i--) {
		top.index[i] = top.index[i - 1];
		top.sum[i] = top.sum[i - 1];
	}
	top.index[i] = index;
	top.sum[i] = sum;
}

static void print(unsigned int i)
{
	char bytes[16];

	if (!pgtag_tag_describe(top.index[i], name, sizeof(name)))
		return;
	string_get_size(top.sum[i].bytes, 1, STRING_UNITS_2, bytes,
			sizeof(bytes));
	pr_notice("%12s %8llu %s%s\n", bytes, top.sum[i].calls, name,
		  pgtag_tag_accurate(top.index[i]) ? "" : " accurate:no");
}

static void report(void)
{
	u32 end = pgtag_tags_end();
	u32 i;

	top.nr = 0;
	for (i = CODETAG_ID_FIRST; i < end; i++)
		rank(i);
	pr_notice("Memory allocations (profiling is currently turned %s):\n",
		  pgtag_profile_on() ? "on" : "off");
	for (i = 0; i < top.nr; i++)
		print(i);
}

static int on_show_mem(struct kprobe *probe, struct pt_regs *regs)
{
	unsigned long flags;

	if (!raw_spin_trylock_irqsave(&reporting, flags))
		return 0;
	rcu_read_lock();
	if (pgtag_profile_has_tags())
		report();
	rcu_read_unlock();
	raw_spin_unlock_irqrestore(&reporting, flags);
	return 0;
}

static struct kprobe show_mem_probe = {
	.symbol_name = "__show_mem",
	.pre_handler = on_show_mem,
};

static bool attached;

/**
 * pgtag_memreport_init - begin to add to memory reports
 *
 * Context: process context, may sleep.
 */
void pgtag_memreport_init(void)
{
	int ret = register_kprobe(&show_mem_probe);

	attached = !ret;
	if (ret)
		pr_warn("cannot attach to %s, error %d: memory reports do without call sites\n",
			show_mem_probe.symbol_name, ret);
}

/**
 * pgtag_memreport_exit - no more
 *
 * Context: process context, may sleep.
 */
void pgtag_memreport_exit(void)
{
	if (!attached)
		return;
	attached = false;
	unregister_kprobe(&show_mem_probe);
	/* It has no other way to say that it could not. */
	if (!(unsigned long)show_mem_probe.addr)
		pgtag_stay(show_mem_probe.symbol_name, -EBUSY);
}

/**
 * pgtag_memreport_show - print the hook on memory reports
 * @m: where to
 *
 * Context: process context.
 */
void pgtag_memreport_show(struct seq_file *m)
{
	seq_printf(m, "hook memory_report: %s kprobe%s\n",
		   show_mem_probe.symbol_name,
		   attached ? "" : ", not attached");
}
