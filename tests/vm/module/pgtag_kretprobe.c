// SPDX-License-Identifier: GPL-2.0
/*
 * A kretprobe that does nothing, on the function symbol=NAME: what it costs just to
 * see one return.
 */
#include <linux/kprobes.h>
#include <linux/module.h>

static char *symbol;
module_param(symbol, charp, 0);

static int nothing(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	return 0;
}

static struct kretprobe probe = {
	.handler = nothing,
	.maxactive = 64,
};

static int __init pgtag_kretprobe_init(void)
{
	probe.kp.symbol_name = symbol;
	return register_kretprobe(&probe);
}
module_init(pgtag_kretprobe_init);

static void __exit pgtag_kretprobe_exit(void)
{
	unregister_kretprobe(&probe);
}
module_exit(pgtag_kretprobe_exit);

MODULE_DESCRIPTION("Sees a function return");
MODULE_LICENSE("GPL");
