// SPDX-License-Identifier: GPL-2.0
/*
 * A module that has nothing to do with pages. The guest program modclone loads
 * it many times, each time by another number in its name.
 */
#include <linux/module.h>

static int __init pgtag_clone_init(void)
{
	return 0;
}
module_init(pgtag_clone_init);

static void __exit pgtag_clone_exit(void)
{
}
module_exit(pgtag_clone_exit);

MODULE_DESCRIPTION("Does nothing, many times");
MODULE_LICENSE("GPL");
