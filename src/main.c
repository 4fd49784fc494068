// SPDX-License-Identifier: GPL-2.0
/*
 * Parameters, loading and unloading.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/printk.h>

#include <pgtag/control.h>
#include <pgtag/mode.h>
#include <shim/require.h>

static char *mem_profiling = "1";
module_param(mem_profiling, charp, 0400);
MODULE_PARM_DESC(mem_profiling,
		 "{0|1|never}[,compressed]: 1 (default) turned on at load, 0 turned off, never for good; compressed insists on storage=flags");

static char *storage = "auto";
module_param(storage, charp, 0400);
MODULE_PARM_DESC(storage,
		 "{auto|flags|table}: where a page's tag is kept; auto (default) takes page->flags where it fits, else a table of two bytes a page, four with depth above 1");

static char *overflow = "disable";
module_param(overflow, charp, 0400);
MODULE_PARM_DESC(overflow,
		 "{disable|share}: what happens when there are more call sites than tags: profiling ends (default), or they share one");

static char *attach = "events";
module_param(attach, charp, 0400);
MODULE_PARM_DESC(attach,
		 "{events|functions}: how allocations are seen: by trace events (default), or by functions and the kernel's unwinder, which is slow but trusts nothing that was learned");

static char *depth = "1";
module_param(depth, charp, 0400);
MODULE_PARM_DESC(depth,
		 "1 to 8: frames of the call path that has a tag of its own; 1 (default) is the call site alone");

static char *bits = "0";
module_param(bits, charp, 0400);
MODULE_PARM_DESC(bits,
		 "use no more than these bits for a tag; 0 (default) for all there are");

static char *field = "auto";
module_param(field, charp, 0400);
MODULE_PARM_DESC(field,
		 "{auto|unused|cpupid}: which bits of page->flags hold a tag; auto (default) takes unused ones where they are enough, else those of LAST_CPUPID");

static char *slab = "pages";
module_param(slab, charp, 0400);
MODULE_PARM_DESC(slab,
		 "{pages|callers|objects}: whose the pages of slabs are: the slab allocator's (default), or those of whoever made the slab grow; or the slab allocator's, and each object and per-CPU allocation is counted, too");

static char *totals = "off";
module_param(totals, charp, 0400);
MODULE_PARM_DESC(totals,
		 "{off|on}: count what each call site has allocated in all, too, and look for the most it had in use");

static int refuse(const char *name, const char *value, const char *grammar)
{
	pr_err("%s=\"%s\" is not %s\n", name, value, grammar);
	return -EINVAL;
}

static int __init parse(struct pgtag_mode *mode)
{
	if (pgtag_mode_parse(mode, mem_profiling))
		return refuse("mem_profiling", mem_profiling,
			      PGTAG_MODE_GRAMMAR);
	if (pgtag_mode_parse_storage(mode, storage))
		return refuse("storage", storage,
			      mode->store == PGTAG_FLAGS ?
			      PGTAG_STORAGE_GRAMMAR " that goes with mem_profiling=...,compressed" :
			      PGTAG_STORAGE_GRAMMAR);
	if (pgtag_mode_parse_overflow(mode, overflow))
		return refuse("overflow", overflow, PGTAG_OVERFLOW_GRAMMAR);
	if (pgtag_mode_parse_attach(mode, attach))
		return refuse("attach", attach, PGTAG_ATTACH_GRAMMAR);
	if (pgtag_mode_parse_depth(mode, depth))
		return refuse("depth", depth, PGTAG_DEPTH_GRAMMAR);
	if (pgtag_mode_parse_bits(mode, bits))
		return refuse("bits", bits, PGTAG_BITS_GRAMMAR);
	if (pgtag_mode_parse_field(mode, field))
		return refuse("field", field, PGTAG_FIELD_GRAMMAR);
	if (pgtag_mode_parse_slab(mode, slab))
		return refuse("slab", slab, PGTAG_SLAB_GRAMMAR);
	if (pgtag_mode_parse_totals(mode, totals))
		return refuse("totals", totals, PGTAG_TOTALS_GRAMMAR);
	return 0;
}

static int __init pgtag_init(void)
{
	struct pgtag_mode mode = { };
	int ret = parse(&mode);

	return ret ? ret : pgtag_control_init(&mode);
}

static void __exit pgtag_exit(void)
{
	pgtag_control_exit();
}

module_init(pgtag_init);
module_exit(pgtag_exit);

MODULE_DESCRIPTION("Which call site allocated every page in use");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
