// SPDX-License-Identifier: GPL-2.0
/*
 * Loading and unloading.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/printk.h>

#include <pgtag/control.h>
#include <pgtag/mode.h>
#include <pgtag/profile.h>
#include <pgtag/storage.h>
#include <shim/require.h>

static char *mem_profiling = "1";
module_param(mem_profiling, charp, 0400);
MODULE_PARM_DESC(mem_profiling,
		 "{0|1|never}[,compressed]: 1 (default) loads with profiling turned on, 0 turned off, never for good; compressed insists on keeping the tags in page->flags");

static void announce(const struct pgtag_mode *mode)
{
	if (pgtag_profile_running())
		pr_info("memory allocation profiling is enabled with compression (%u bits of page->flags, %s) and is turned on\n",
			pgtag_field.width, pgtag_part_name(pgtag_field.part));
	else if (mode->state == PGTAG_NEVER)
		pr_info("memory allocation profiling is disabled for good\n");
	else
		pr_info("memory allocation profiling is turned off\n");
}

static int __init pgtag_init(void)
{
	struct pgtag_mode mode;
	int ret = pgtag_mode_parse(&mode, mem_profiling);

	if (ret) {
		pr_err("\"%s\" is not " PGTAG_MODE_GRAMMAR ": not loaded\n",
		       mem_profiling);
		return ret;
	}
	if (mode.state == PGTAG_ON) {
		ret = pgtag_profile_start();
		if (ret)
			return ret;
	}
	ret = pgtag_control_init(&mode);
	if (ret) {
		pgtag_profile_stop();
		return ret;
	}
	announce(&mode);
	return 0;
}

static void __exit pgtag_exit(void)
{
	pgtag_control_exit();
	pgtag_profile_stop();
}

module_init(pgtag_init);
module_exit(pgtag_exit);

MODULE_DESCRIPTION("Which call site allocated every page in use");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
