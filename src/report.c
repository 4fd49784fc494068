// SPDX-License-Identifier: GPL-2.0
/*
 * allocinfo, in the format of the kernel's own (mm/alloc_tag.c), so that the
 * tools made for that work unchanged.
 */
#include <linux/kallsyms.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

#include <pgtag/profile.h>
#include <pgtag/report.h>
#include <pgtag/tags.h>

/**
 * struct reader - somebody reads
 * @tags: there are some to read
 * @name: place for the name of the one that is printed
 */
struct reader {
	bool tags;
	char name[PGTAG_MAX_DEPTH * KSYM_SYMBOL_LEN];
};

/* Position 0 is the header, every other one the tag of that index. */
static void *at(const struct reader *reader, loff_t *pos)
{
	if (!*pos)
		return SEQ_START_TOKEN;
	if (!reader->tags)
		return NULL;
	if (*pos < CODETAG_ID_FIRST)
		*pos = CODETAG_ID_FIRST;
	return *pos < pgtag_tags_end() ? pos : NULL;
}

/* Tags stay as long as this holds them, which is while a buffer is filled. */
static void *allocinfo_start(struct seq_file *m, loff_t *pos)
{
	struct reader *reader = m->private;

	reader->tags = pgtag_profile_get();
	return at(reader, pos);
}

static void *allocinfo_next(struct seq_file *m, void *v, loff_t *pos)
{
	/* Many tags in a row may have nothing to show. */
	cond_resched();
	(*pos)++;
	return at(m->private, pos);
}

static void allocinfo_stop(struct seq_file *m, void *v)
{
	pgtag_profile_put();
}

/* The beginning of longer paths, where no allocation ends. */
static bool only_passed_through(u32 index, const struct pgtag_sum *sum)
{
	return !sum->calls && !sum->bytes &&
	       pgtag_tag_depth(index) < pgtag_profile_depth() &&
	       pgtag_tag_accurate(index);
}

static int allocinfo_show(struct seq_file *m, void *v)
{
	struct reader *reader = m->private;
	struct pgtag_sum sum;
	size_t length;
	u32 index;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, "allocinfo - version: 2.0\n");
		seq_puts(m, "#     <size>  <calls> <tag info>\n");
		return 0;
	}
	index = *(loff_t *)v;
	rcu_read_lock();
	length = pgtag_tag_describe(index, reader->name, sizeof(reader->name));
	sum = pgtag_counters_sum(index);
	rcu_read_unlock();
	if (!length || only_passed_through(index, &sum))
		return 0;
	/* CPUs are read one by one: a page may be seen to go, and not to come. */
	seq_printf(m, "%12lli %8llu %s", sum.bytes, max(sum.calls, 0LL), reader->name);
	seq_puts(m, pgtag_tag_accurate(index) ? "" : " accurate:no");
	/* As in-tree: each line ends in a space. */
	seq_putc(m, ' ');
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations allocinfo_ops = {
	.start = allocinfo_start,
	.next = allocinfo_next,
	.stop = allocinfo_stop,
	.show = allocinfo_show,
};

static int allocinfo_open(struct inode *inode, struct file *file)
{
	return seq_open_private(file, &allocinfo_ops, sizeof(struct reader));
}

const struct file_operations pgtag_allocinfo_fops = {
	.owner = THIS_MODULE,
	.open = allocinfo_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = seq_release_private,
};

#if !IS_ENABLED(CONFIG_MEM_ALLOC_PROFILING)

static struct proc_dir_entry *published;

/**
 * pgtag_report_publish - make /proc/allocinfo
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int pgtag_report_publish(void)
{
	published = proc_create_seq_private("allocinfo", 0400, NULL,
					    &allocinfo_ops,
					    sizeof(struct reader), NULL);
	return published ? 0 : -ENOMEM;
}

/**
 * pgtag_report_withdraw - remove /proc/allocinfo
 *
 * Context: process context, may sleep. Waits for its readers.
 */
void pgtag_report_withdraw(void)
{
	proc_remove(published);
	published = NULL;
}

#else

/* The kernel has one of its own. */
int pgtag_report_publish(void)
{
	return 0;
}

void pgtag_report_withdraw(void)
{
}

#endif
