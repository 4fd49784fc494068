// SPDX-License-Identifier: GPL-2.0
/*
 * How long does a probe on the kernel's memory report take? Of several probes on
 * one function the one that was registered last is called first: one of ours is
 * registered when this is loaded, the other one when something is written to
 * "begin", and in between the probe that is to be measured. "took" is the longest
 * time between the two, in the units of instructions(); nothing can come in between
 * but interrupts, if they are on. "unit" is what it takes to add up two words on
 * each possible CPU, a thousand times.
 */
#include <linux/kprobes.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/percpu.h>

#include "compat.h"

static ulong took;
module_param(took, ulong, 0600);

static ulong unit;
module_param(unit, ulong, 0400);

static u64 began;

static DEFINE_PER_CPU(long [2], words);

static void measure_unit(void)
{
	u64 before = instructions();
	long sum[2] = { };
	int i, cpu;

	for (i = 0; i < 1000; i++) {
		for_each_possible_cpu(cpu) {
			const long *part = per_cpu_ptr(words, cpu);

			sum[0] += READ_ONCE(part[0]);
			sum[1] += READ_ONCE(part[1]);
		}
	}
	unit = instructions() - before + !sum[0] + !sum[1];
}

/* The unit too: what else the machine does then matters to both. */
static int begin(struct kprobe *probe, struct pt_regs *regs)
{
	measure_unit();
	began = instructions();
	return 0;
}

static int end(struct kprobe *probe, struct pt_regs *regs)
{
	if (began)
		took = max_t(ulong, took, instructions() - began);
	return 0;
}

static struct kprobe first = {
	.symbol_name = "__show_mem",
	.pre_handler = begin,
};

static struct kprobe last = {
	.symbol_name = "__show_mem",
	.pre_handler = end,
};

static bool both;

static int set_begin(const char *value, const struct kernel_param *param)
{
	int ret = both ? -EBUSY : register_kprobe(&first);

	both |= !ret;
	return ret;
}

static const struct kernel_param_ops begin_ops = { .set = set_begin };

module_param_cb(begin, &begin_ops, NULL, 0200);

static int __init pgtag_span_init(void)
{
	return register_kprobe(&last);
}
module_init(pgtag_span_init);

static void __exit pgtag_span_exit(void)
{
	if (both)
		unregister_kprobe(&first);
	unregister_kprobe(&last);
}
module_exit(pgtag_span_exit);

MODULE_DESCRIPTION("Measures what is done at a memory report");
MODULE_LICENSE("GPL");
