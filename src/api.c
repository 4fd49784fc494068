// SPDX-License-Identifier: GPL-2.0
/*
 * Functions a user adds to the allocator API, through the api file: "+name"
 * makes the pages a function allocates its callers' from now on, "-name" takes
 * that back, and reading lists what was added.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ctype.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include <pgtag/api.h>
#include <pgtag/names.h>
#include <pgtag/profile.h>
#include <shim/symbol.h>

#define MAX_ADDED	64
#define MAX_NAME	128

/*
 * Learners read this in any context and without a lock: a name is complete
 * before it is used, and its place is not used again before they have left,
 * which pgtag_profile_relearn() waits for.
 */
static struct added {
	char name[MAX_NAME];
	bool used;
} added[MAX_ADDED];

static DEFINE_MUTEX(writers);

static struct added *find(const char *symbol)
{
	size_t length = pgtag_name_length(symbol);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(added); i++) {
		/* Pairs with the release in add(): the name is complete. */
		if (!smp_load_acquire(&added[i].used))
			continue;
		if (!strncmp(added[i].name, symbol, length) &&
		    !added[i].name[length])
			return &added[i];
	}
	return NULL;
}

/**
 * pgtag_api_has - is a function part of the allocator API?
 * @symbol: as kallsyms prints it
 *
 * Context: any.
 */
bool pgtag_api_has(const char *symbol)
{
	return pgtag_name_is_api(symbol) || find(symbol);
}

static int add(const char *name)
{
	size_t i;

	if (pgtag_api_has(name)) {
		pr_info("%s is part of the allocator API already\n", name);
		return -EEXIST;
	}
	if (!pgtag_symbol_address(name)) {
		pr_info("this kernel has no function %s that could be added to the allocator API\n",
			name);
		return -ENOENT;
	}
	for (i = 0; i < ARRAY_SIZE(added) && added[i].used; i++)
		;
	if (i == ARRAY_SIZE(added)) {
		pr_info("no more than %d functions can be added to the allocator API\n",
			MAX_ADDED);
		return -ENOSPC;
	}
	strscpy(added[i].name, name, MAX_NAME);
	added[i].name[pgtag_name_length(name)] = '\0';
	/* Whoever sees it in use sees its name. */
	smp_store_release(&added[i].used, true);
	return 0;
}

static int take_back(const char *name)
{
	struct added *entry = find(name);

	if (!entry) {
		pr_info("%s was not added to the allocator API\n", name);
		return -ENOENT;
	}
	WRITE_ONCE(entry->used, false);
	return 0;
}

static int change(char *text)
{
	char *name = text + 1;
	int ret;

	if ((*text != '+' && *text != '-') || !*name ||
	    strlen(name) >= MAX_NAME || strpbrk(name, " \t\n+[")) {
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

	if (size > MAX_NAME + 2)
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
	size_t i;

	mutex_lock(&writers);
	for (i = 0; i < ARRAY_SIZE(added); i++) {
		if (added[i].used)
			seq_printf(m, "%s\n", added[i].name);
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
