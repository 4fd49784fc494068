// SPDX-License-Identifier: GPL-2.0
/*
 * The file allocinfo in debugfs is made late, or with error= not at all: so there
 * is time to do something to a load that is nearly through.
 */
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/string.h>

static unsigned int ms = 2000;
module_param(ms, uint, 0444);
MODULE_PARM_DESC(ms, "how late");

static int error;
module_param(error, int, 0444);
MODULE_PARM_DESC(error, "errno, if it is not to be made");

static bool through;

/* Is called in place of what is probed. */
static struct dentry *create(const char *name, umode_t mode,
			     struct dentry *parent, void *data,
			     const struct file_operations *fops)
{
	msleep(ms);
	if (error)
		return ERR_PTR(-error);
	through = true;
	return debugfs_create_file(name, mode, parent, data, fops);
}

static int divert(struct kprobe *probe, struct pt_regs *regs)
{
	const char *name = (const char *)regs_get_kernel_argument(regs, 0);

	if (through || strcmp(name, "allocinfo"))
		return 0;
	instruction_pointer_set(regs, (unsigned long)create);
	return 1;
}

static struct kprobe probe = {
	.symbol_name = "debugfs_create_file_full",
	.pre_handler = divert,
};

static int __init pgtag_late_init(void)
{
	int ret = register_kprobe(&probe);

	if (ret != -ENOENT)
		return ret;
	/* Before there was a short variant too. */
	probe.symbol_name = "debugfs_create_file";
	return register_kprobe(&probe);
}
module_init(pgtag_late_init);

static void __exit pgtag_late_exit(void)
{
	unregister_kprobe(&probe);
}
module_exit(pgtag_late_exit);

MODULE_DESCRIPTION("Lets a file of debugfs come late, or not at all");
MODULE_LICENSE("GPL");
