// SPDX-License-Identifier: GPL-2.0
/*
 * Says whether an fprobe is registered at the address where that of a certain function
 * was before: the first one of that function is remembered, and the ones that come
 * later are compared with it.
 */
#include <linux/kprobes.h>
#include <linux/module.h>

static char *function = "";
module_param(function, charp, 0444);
MODULE_PARM_DESC(function, "the function whose first fprobe is remembered");

static bool reused;
module_param(reused, bool, 0644);
MODULE_PARM_DESC(reused, "one came where that was");

static unsigned long seen;

/* register_fprobe_syms(probe, names, nr) */
static int on_register(struct kprobe *probe, struct pt_regs *regs)
{
	unsigned long address = regs_get_kernel_argument(regs, 0);
	const char **names = (const char **)regs_get_kernel_argument(regs, 1);

	if (seen == address)
		reused = true;
	else if (!seen && !strcmp(names[0], function))
		seen = address;
	return 0;
}

static struct kprobe probe = {
	.symbol_name = "register_fprobe_syms",
	.pre_handler = on_register,
};

static int __init pgtag_reuse_init(void)
{
	return register_kprobe(&probe);
}
module_init(pgtag_reuse_init);

static void __exit pgtag_reuse_exit(void)
{
	unregister_kprobe(&probe);
}
module_exit(pgtag_reuse_exit);

MODULE_DESCRIPTION("Watches where fprobes are");
MODULE_LICENSE("GPL");
