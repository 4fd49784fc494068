// SPDX-License-Identifier: GPL-2.0
/*
 * A livepatch that says what the cpupid exchange says while nobody balances:
 * "unset". The name of that function differs between kernels.
 */
#include <linux/livepatch.h>
#include <linux/mm.h>
#include <linux/module.h>

static char *function = "folio_xchg_last_cpupid";
module_param(function, charp, 0444);
MODULE_PARM_DESC(function, "what to patch");

static noinline int pgtag_livepatch_exchange(void *page, int cpupid)
{
	return LAST_CPUPID_MASK;
}

static struct klp_func functions[] = {
	{ .new_func = pgtag_livepatch_exchange },
	{ }
};

static struct klp_object objects[] = {
	{ .funcs = functions },
	{ }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
};

static int __init pgtag_livepatch_init(void)
{
	functions[0].old_name = function;
	return klp_enable_patch(&patch);
}
module_init(pgtag_livepatch_init);

static void __exit pgtag_livepatch_exit(void)
{
}
module_exit(pgtag_livepatch_exit);

MODULE_DESCRIPTION("Patches the cpupid exchange");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
