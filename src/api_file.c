// SPDX-License-Identifier: GPL-2.0
/*
 * The api file: "+name" makes the pages a function allocates its callers' from
 * now on, "-name" takes that back, "preset:name" and "-preset:name" do so for a set
 * of functions, and reading lists what was added, and which sets there are.
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
#include <pgtag/presets.h>
#include <pgtag/profile.h>
#include <shim/symbol.h>

#define PRESET	"preset:"

static DEFINE_MUTEX(writers);

/* Compilers may have made another function of it, and then that has a suffix. */
static bool is_there(const char *name)
{
	static const char * const suffixes[] = {
		"", ".constprop.0", ".isra.0", ".part.0",
	};
	static char symbol[PGTAG_API_NAME + 16];	/* under the writers' lock */
	size_t i;

	for (i = 0; i < ARRAY_SIZE(suffixes); i++) {
		scnprintf(symbol, sizeof(symbol), "%s%s", name, suffixes[i]);
		if (pgtag_symbol_address(symbol))
			return true;
	}
	return false;
}

static int add(const struct pgtag_names *names)
{
	static const char *name[PGTAG_PRESET_MOST];	/* under the writers' lock */
	struct pgtag_names found = { name, 0 };
	unsigned int i;

	for (i = 0; i < names->nr; i++) {
		if (is_there(names->name[i]))
			name[found.nr++] = names->name[i];
	}
	return found.nr ? pgtag_api_add(&found) : -ENOENT;
}

static int refuse(void)
{
	pr_info("write +name or -name, the name of a function, to the api file, or preset:name or -preset:name, a preset of "
		PGTAG_PRESET_LIST "\n");
	return -EINVAL;
}

static void explain(int error, bool adding, const char *of, const char *what)
{
	if (error == -ENOENT && adding)
		pr_info("this kernel has no function %s%s that could be added to the allocator API\n",
			of, what);
	if (error == -ENOENT && !adding)
		pr_info("no function %s%s was added to the allocator API\n",
			of, what);
	if (error == -EEXIST)
		pr_info("%s is part of the allocator API already\n", what);
	if (error == -ENOSPC)
		pr_info("no room for %s: no more than %d functions can be added to the allocator API\n",
			what, PGTAG_API_ADDED);
}

static int change(bool adding, const struct pgtag_names *names)
{
	int ret;

	mutex_lock(&writers);
	ret = adding ? add(names) : pgtag_api_remove(names);
	if (!ret)
		pgtag_profile_relearn(names);
	mutex_unlock(&writers);
	return ret;
}

static int change_preset(bool adding, const char *what)
{
	const struct pgtag_preset *preset;
	int ret;

	preset = pgtag_preset_find(what + strlen(PRESET));
	if (!preset)
		return refuse();
	ret = change(adding, &preset->functions);
	explain(ret, adding, "of ", what);
	return ret;
}

static int change_function(bool adding, const char *what)
{
	const struct pgtag_names names = { &what, 1 };
	int ret;

	if (!*what || strlen(what) >= PGTAG_API_NAME || strpbrk(what, " \t\n+["))
		return refuse();
	ret = change(adding, &names);
	explain(ret, adding, "", what);
	return ret;
}

static int obey(const char *text)
{
	bool sign = *text == '+' || *text == '-';
	bool adding = *text != '-';

	if (str_has_prefix(text + sign, PRESET))
		return change_preset(adding, text + sign);
	return sign ? change_function(adding, text + sign) : refuse();
}

static ssize_t api_write(struct file *file, const char __user *data,
			 size_t size, loff_t *at)
{
	char *text;
	int ret;

	if (size > PGTAG_API_NAME + 2)
		return refuse();
	text = memdup_user_nul(data, size);
	if (IS_ERR(text))
		return PTR_ERR(text);
	ret = obey(strim(text));
	kfree(text);
	return ret ? ret : size;
}

static int api_show(struct seq_file *m, void *v)
{
	const struct pgtag_preset *preset;
	unsigned int i;

	mutex_lock(&writers);
	for (i = 0; i < PGTAG_API_ADDED; i++) {
		const char *name = pgtag_api_added(i);

		if (name)
			seq_printf(m, "%s\n", name);
	}
	mutex_unlock(&writers);
	for (i = 0; (preset = pgtag_preset_at(i)); i++)
		seq_printf(m, "# " PRESET "%s  %s\n", preset->name, preset->unmasks);
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
