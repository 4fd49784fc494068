// SPDX-License-Identifier: GPL-2.0
/*
 * Out of memory, or SysRq-m: the kernel prints a memory report, and this adds
 * the ten sites that hold most to it, as the kernel's own profiling does.
 *
 * It is a kprobe, for on 6.1 the function lies in a directory that is built
 * without ftrace. The handler may run in any context, with interrupts off and for
 * the last time before a panic, so it sleeps nowhere, allocates nothing and waits
 * for no lock: a second report at the same time goes without, so that the lines
 * of two never mix. Nor does it take long: where there are more counters to add
 * up than that allows, it looks at the first tags only, and says of how many;
 * a worker looks at all of them.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpumask.h>
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/string_helpers.h>

#include <pgtag/memreport.h>
#include <pgtag/profile.h>
#include <pgtag/stay.h>
#include <pgtag/tags.h>
#include <pgtag/work.h>

#define TOP	10

/* Counters that are read with interrupts off: some ms. */
#define BUDGET	(1U << 17)

/**
 * struct report - the tags that hold most, biggest first
 * @nr: how many there are
 * @index: their indices
 * @sum: what they hold
 */
struct report {
	unsigned int nr;
	u32 index[TOP];
	struct pgtag_sum sum[TOP];
};

/* Nobody ever waits for it, so interrupts may stay on where they are. */
static DEFINE_RAW_SPINLOCK(printing);

static void rank(struct report *report, u32 index)
{
	struct pgtag_sum sum = pgtag_tag_sum(index);
	unsigned int i;

	if (sum.bytes <= 0)
		return;
	if (report->nr < TOP)
		i = report->nr++;
	else if (sum.bytes > report->sum[TOP - 1].bytes)
		i = TOP - 1;
	else
		return;
	for (; i && sum.bytes > report->sum[i - 1].bytes; i--) {
		report->index[i] = report->index[i - 1];
		report->sum[i] = report->sum[i - 1];
	}
	report->index[i] = index;
	report->sum[i] = sum;
}

static void print_tag(const struct report *report, unsigned int i)
{
	static char name[PGTAG_MAX_DEPTH * KSYM_SYMBOL_LEN];
	u32 index = report->index[i];
	char bytes[16];

	if (!pgtag_tag_describe(index, name, sizeof(name)))
		return;
	string_get_size(report->sum[i].bytes, 1, STRING_UNITS_2, bytes,
			sizeof(bytes));
	pr_notice("%12s %8llu %s%s%s\n", bytes, max(report->sum[i].calls, 0LL),
		  name, pgtag_tag_accurate(index) ? "" : " accurate:no",
		  pgtag_tag_of_objects(index) ? " kind:object" : "");
}

/* With the lock, and RCU's. */
static void print(const struct report *report)
{
	unsigned int i;

	pr_notice("Memory allocations (profiling is currently turned %s):\n",
		  pgtag_profile_on() ? "on" : "off");
	for (i = 0; i < report->nr; i++)
		print_tag(report, i);
}

static void print_all(const struct report *report, u32 nr)
{
	/* Who has it looks at all tags itself, or sends the worker again after that. */
	if (!raw_spin_trylock(&printing))
		return;
	rcu_read_lock();
	print(report);
	rcu_read_unlock();
	pr_notice("all %u tags were looked at\n", nr);
	raw_spin_unlock(&printing);
}

/* With time to look at all tags. */
static void report_all(struct work_struct *work)
{
	static struct report report;	/* there is one such work */
	u32 end, i;

	report.nr = 0;
	if (pgtag_profile_get()) {
		end = pgtag_tags_end();
		for (i = CODETAG_ID_FIRST; i < end; i++) {
			rank(&report, i);
			cond_resched();
		}
		print_all(&report, end - CODETAG_ID_FIRST);
	}
	pgtag_profile_put();
}

static PGTAG_ERRAND(reporting_all, report_all);

static void report_now(void)
{
	static struct report report;	/* under the lock */
	u32 nr = pgtag_tags_end() - CODETAG_ID_FIRST;
	u32 looked_at = min(nr, BUDGET / pgtag_counters_each());
	u32 i;

	report.nr = 0;
	for (i = 0; i < looked_at; i++)
		rank(&report, CODETAG_ID_FIRST + i);
	print(&report);
	if (looked_at == nr)
		return;
	pr_notice("%u of %u tags were looked at, all of them will be\n",
		  looked_at, nr);
	pgtag_errand_send(&reporting_all);
}

static int on_show_mem(struct kprobe *probe, struct pt_regs *regs)
{
	if (!raw_spin_trylock(&printing))
		return 0;
	rcu_read_lock();
	if (pgtag_profile_has_tags())
		report_now();
	rcu_read_unlock();
	raw_spin_unlock(&printing);
	return 0;
}

static struct kprobe show_mem_probe = {
	.symbol_name = "__show_mem",
	.pre_handler = on_show_mem,
};

static bool attached;
static bool missing;	/* it could not be */

/**
 * pgtag_memreport_init - begin to add to memory reports
 *
 * Context: process context, may sleep.
 */
void pgtag_memreport_init(void)
{
	int ret = register_kprobe(&show_mem_probe);

	attached = !ret;
	missing = ret;
	if (ret)
		pr_warn("cannot attach to %s, error %d: memory reports do without call sites\n",
			show_mem_probe.symbol_name, ret);
}

static void detach(void)
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
 * pgtag_memreport_exit - no more
 *
 * Context: process context, may sleep.
 */
void pgtag_memreport_exit(void)
{
	detach();
	pgtag_errand_cancel(&reporting_all);
}

/**
 * pgtag_memreport_missing - could it not attach to memory reports?
 *
 * Context: process context.
 */
bool pgtag_memreport_missing(void)
{
	return missing;
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
