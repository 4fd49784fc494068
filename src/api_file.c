// SPDX-License-Identifier: GPL-2.0
/*
 * The api file: "+name" makes the pages a function allocates its callers' from
 * now on, "-name" takes that back, and reading lists what was added.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include <pgtag/api.h>
#include <pgtag/api_file.h>
#include <pgtag/names.h>
#include <pgtag/profile.h>
#include <shim/symbol.h>

static DEFINE_MUTEX(writers);

static int add(const char *name)
{
	int ret = pgtag_symbol_address(name) ? pgtag_api_add(name) : -ENOENT;

	if (ret == -ENOENT)
		pr_info("this kernel has no function %s that could be added to the allocator API\n",
			name);
	if (ret == -EEXIST)
		pr_info("%s is part of the allocator API already\n", name);
	if (ret == -ENOSPC)
		pr_info("no more than %d functions can be added to the allocator API\n",
			PGTAG_API_ADDED);
	return ret;
}

static int take_back(const char *name)
{
	int ret = pgtag_api_remove(name);

	if (ret)
		pr_info("%s was not added to the allocator API\n", name);
	return ret;
}

static int change(char *text)
{
	char *name = text + 1;
	int ret;

	if ((*text != '+' && *text != '-') || !*name ||
	    strlen(name) >= PGTAG_API_NAME || strpbrk(name, " \t\n+[")) {
		pr_info("write +name or -name, the name of a function, to the api file\n");
		return -EINVAL;
	}
	mutex_lock(&writers);
	ret = *text == '+' ? add(name) : take_back(name);
	if (!ret) {
		name[pgtag_name_length(name)] = '\0';
		pgtag_profile_relearn(name);
	}
	mutex_unlock(&writers);
	return ret;
}

static ssize_t api_write(struct file *file, const char __user *data,
			 size_t size, loff_t *at)
{
	char *text;
	int ret;

	if (size > PGTAG_API_NAME + 2)
		return -EINVAL;
	text = memdup_user_nul(data, size);
	if (IS_ERR(text))
		return PTR_ERR(text);
	ret = change(strim(text));
	kfree(text);
	return ret ? ret : size;
}

static int api_show(struct seq_file *m, void *v)
{
	unsigned int i;

	mutex_lock(&writers);
	for (i = 0; i < PGTAG_API_ADDED; i++) {
		const char *name = pgtag_api_added(i);

		if (name)
			seq_printf(m, "%s\n", name);
	}
	mutex_unlock(&writers);
	return 0;
}

static int api_open(struct inode *inode, struct file *file)
{
	return single_open(file, api_show, NULL);
}

const struct file_operations pgtag_api_fops = {
	.owner = THIS_MODULE,
	.open = api_open,
	.read = seq_read,
	.write = api_write,
	.llseek = seq_lseek,
	.release = single_release,
};
