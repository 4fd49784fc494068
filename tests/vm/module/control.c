// SPDX-License-Identifier: GPL-2.0
/*
 * Allocates pages on request, in as many ways as the kernel has, from functions
 * that are named after the way. The commands are written to
 * /sys/kernel/debug/pgtag_test/control:
 *
 *	alloc <case> <n> [<arg>]	allocate n units more and keep them
 *	free <case>			free all units of the case
 *	torture <seed> <n>		allocate n units, and free them, in all
 *					ways at once
 *
 * Of the case "kept" there are the pages that other modules gave away.
 *
 * A write returns the errno of what it asked for; a failed "alloc" leaves
 * nothing behind. Reading shows a line "<case> <units>" for each case.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "cases.h"
#include "stall.h"
#include "torture.h"

#define COMMAND_SIZE	80

static DEFINE_MUTEX(lock);	/* the cases and their units */
static struct dentry *dir;

/* For the tests that try every order. */
static int largest_order = LARGEST_ORDER;
module_param(largest_order, int, 0444);
MODULE_PARM_DESC(largest_order, "the largest order of a page allocation");

static int alloc_unit(struct test_case *test, unsigned int arg,
		      struct list_head *units)
{
	struct unit *unit = kzalloc(sizeof(*unit), GFP_QUIET);
	int err;

	if (!unit)
		return -ENOMEM;

	unit->arg = arg;
	INIT_LIST_HEAD(&unit->pages);
	err = test->alloc(unit);
	if (err)
		kfree(unit);
	else
		list_add_tail(&unit->node, units);
	return err;
}

static void free_units(struct test_case *test, struct list_head *units)
{
	struct unit *unit, *next;

	list_for_each_entry_safe(unit, next, units, node) {
		list_del(&unit->node);
		test->free(unit);
		kfree(unit);
	}
}

static int alloc_units(struct test_case *test, unsigned int n, unsigned int arg)
{
	LIST_HEAD(units);
	int err = 0;

	while (!err && n--)
		err = fatal_signal_pending(current) ? -EINTR :
		      alloc_unit(test, arg, &units);
	/* Who is killed keeps what it has got so far. */
	if (err && err != -EINTR)
		free_units(test, &units);
	list_splice_tail(&units, &test->units);
	return err;
}

static int run_command(const char *command)
{
	char verb[16], name[32];
	unsigned int seed, n, arg;
	struct test_case *test;
	int words;

	if (sscanf(command, "torture %u %u", &seed, &n) == 2)
		return torture(seed, n);

	words = sscanf(command, "%15s %31s %u %u", verb, name, &n, &arg);
	if (words < 2)
		return -EINVAL;

	test = find_case(name);
	if (!test)
		return -ENOENT;

	if (!strcmp(verb, "alloc") && words >= 3)
		return alloc_units(test, n, words == 4 ? arg : test->arg);
	if (!strcmp(verb, "free") && words == 2) {
		free_units(test, &test->units);
		return 0;
	}
	return -EINVAL;
}

static ssize_t control_write(struct file *file, const char __user *buf,
			     size_t size, loff_t *pos)
{
	char command[COMMAND_SIZE];
	int err;

	if (size >= sizeof(command))
		return -E2BIG;
	if (copy_from_user(command, buf, size))
		return -EFAULT;
	command[size] = '\0';

	mutex_lock(&lock);
	stall_victim(current);
	err = run_command(command);
	stall_victim(NULL);
	mutex_unlock(&lock);
	return err ?: size;
}

/**
 * pgtag_test_keep() - keep pages of a module that will be gone before them
 * @page: the first page
 * @order: the order of the allocation
 *
 * Return: 0, or -ENOMEM; the pages are still the caller's then.
 */
int pgtag_test_keep(struct page *page, unsigned int order)
{
	struct unit *unit = kzalloc(sizeof(*unit), GFP_KERNEL);

	if (!unit)
		return -ENOMEM;
	unit->arg = order;
	unit->page = page;
	INIT_LIST_HEAD(&unit->pages);
	mutex_lock(&lock);
	list_add_tail(&unit->node, &find_case("kept")->units);
	mutex_unlock(&lock);
	return 0;
}
EXPORT_SYMBOL_GPL(pgtag_test_keep);

static unsigned int count_units(const struct test_case *test)
{
	const struct unit *unit;
	unsigned int n = 0;

	list_for_each_entry(unit, &test->units, node)
		n++;
	return n;
}

static int control_show(struct seq_file *seq, void *unused)
{
	struct test_case *test;

	mutex_lock(&lock);
	for_each_case(test)
		seq_printf(seq, "%s %u\n", test->name, count_units(test));
	mutex_unlock(&lock);
	return 0;
}

static int control_open(struct inode *inode, struct file *file)
{
	return single_open(file, control_show, NULL);
}

static const struct file_operations control_fops = {
	.owner = THIS_MODULE,
	.open = control_open,
	.read = seq_read,
	.write = control_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static int __init pgtag_test_init(void)
{
	int err = init_cases();

	if (err)
		return err;
	err = init_stall();
	if (err) {
		exit_cases();
		return err;
	}
	dir = debugfs_create_dir("pgtag_test", NULL);
	debugfs_create_file("control", 0600, dir, NULL, &control_fops);
	return 0;
}
module_init(pgtag_test_init);

static void __exit pgtag_test_exit(void)
{
	struct test_case *test;

	debugfs_remove(dir);
	for_each_case(test)
		free_units(test, &test->units);
	exit_stall();
	exit_cases();
}
module_exit(pgtag_test_exit);

MODULE_DESCRIPTION("Allocates pages for the tests of pgtag_compress");
MODULE_LICENSE("GPL");
