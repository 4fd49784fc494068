// SPDX-License-Identifier: GPL-2.0
/*
 * The totals file: the lines of allocinfo, and behind each what was allocated there in
 * all and the most that was in use. Writing "reset" has all of that begin anew.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include <pgtag/profile.h>
#include <pgtag/report.h>
#include <pgtag/tags.h>
#include <pgtag/totals.h>

#define COMMAND	"reset"

/* CPUs are read one by one: something may be seen to go, and not to come. */
static void show_total(struct seq_file *m, u32 index, const struct pgtag_total *total)
{
	const struct pgtag_reader *reader = m->private;

	seq_printf(m, "%12lli %8lli ", max(total->in_use.bytes, 0LL),
		   max(total->in_use.calls, 0LL));
	pgtag_report_tag(m, reader, index);
	seq_printf(m, " total_calls:%lli total_bytes:%lli peak_bytes:%lli",
		   max(total->made.calls, 0LL), total->made.bytes, total->peak);
	/* As all lines of allocinfo end. */
	seq_putc(m, ' ');
	seq_putc(m, '\n');
}

static int totals_show(struct seq_file *m, void *v)
{
	struct pgtag_reader *reader = m->private;
	struct pgtag_total total = { };
	size_t length;
	u32 index;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, "totals - version: 1.0\n#     <size>  <calls> <tag info>\n");
		return 0;
	}
	index = *(loff_t *)v;
	rcu_read_lock();
	length = pgtag_tag_describe(index, reader->name, sizeof(reader->name));
	if (length)
		total = pgtag_tag_total(index);
	rcu_read_unlock();
	if (length && (total.made.calls || !pgtag_report_omits(index, &total.in_use)))
		show_total(m, index, &total);
	return 0;
}

static const struct seq_operations totals_ops = {
	.start = pgtag_report_start,
	.next = pgtag_report_next,
	.stop = pgtag_report_stop,
	.show = totals_show,
};

static int totals_open(struct inode *inode, struct file *file)
{
	return seq_open_private(file, &totals_ops, sizeof(struct pgtag_reader));
}

/* One tag after the other, and so not all at one moment. */
static void reset(void)
{
	u32 i;

	pgtag_profile_get();
	/* Whoever ends profiling waits for this. */
	for (i = CODETAG_ID_FIRST; pgtag_profile_has_tags() && i < pgtag_tags_end(); i++) {
		pgtag_totals_reset(i);
		cond_resched();
	}
	pgtag_profile_put();
}

static int refuse(void)
{
	pr_info("write " COMMAND " to the totals file, nothing else\n");
	return -EINVAL;
}

static int obey(const char *text)
{
	if (strcmp(text, COMMAND))
		return refuse();
	reset();
	return 0;
}

static ssize_t totals_write(struct file *file, const char __user *data, size_t size,
			    loff_t *at)
{
	char text[sizeof(COMMAND "\n")] = { };
	int ret;

	if (size >= sizeof(text))
		return refuse();
	if (copy_from_user(text, data, size))
		return -EFAULT;
	ret = obey(strim(text));
	return ret ? ret : size;
}

const struct file_operations pgtag_totals_fops = {
	.owner = THIS_MODULE,
	.open = totals_open,
	.read = seq_read,
	.write = totals_write,
	.llseek = seq_lseek,
	.release = seq_release_private,
};
