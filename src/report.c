// SPDX-License-Identifier: GPL-2.0
/*
 * allocinfo, in the format of the kernel's own (mm/alloc_tag.c), so that the
 * tools made for that work unchanged; and nodes, which has the lines of pages as they
 * were found when it was opened, with a column more for each NUMA node.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

#include <pgtag/numa.h>
#include <pgtag/profile.h>
#include <pgtag/report.h>
#include <pgtag/tags.h>

/* Position 0 is the header, every other one the tag of that index. */
static void *at(const struct pgtag_reader *reader, loff_t *pos)
{
	if (!*pos)
		return SEQ_START_TOKEN;
	if (!reader->tags)
		return NULL;
	if (*pos < CODETAG_ID_FIRST)
		*pos = CODETAG_ID_FIRST;
	return *pos < pgtag_tags_end() ? pos : NULL;
}

/**
 * pgtag_report_start - go through the tags, in a &struct pgtag_reader
 * @m: whose reader it is
 * @pos: where to begin
 *
 * Tags stay as long as this holds them, which is while a buffer is filled.
 */
void *pgtag_report_start(struct seq_file *m, loff_t *pos)
{
	struct pgtag_reader *reader = m->private;

	reader->tags = pgtag_profile_get();
	return at(reader, pos);
}

/* As pgtag_report_start(): the next tag. */
void *pgtag_report_next(struct seq_file *m, void *v, loff_t *pos)
{
	/* Many tags in a row may have nothing to show. */
	cond_resched();
	(*pos)++;
	return at(m->private, pos);
}

/* As pgtag_report_start(): enough. */
void pgtag_report_stop(struct seq_file *m, void *v)
{
	pgtag_profile_put();
}

/**
 * pgtag_report_omits - is this tag not shown?
 * @index: an index in use
 * @sum: what it owns
 *
 * Those are the beginnings of longer paths, where no allocation ends.
 *
 * Context: any; there are tags to read.
 */
bool pgtag_report_omits(u32 index, const struct pgtag_sum *sum)
{
	return !sum->calls && !sum->bytes &&
	       pgtag_tag_depth(index) < pgtag_profile_depth() &&
	       pgtag_tag_accurate(index);
}

/**
 * pgtag_report_tag - print which tag it is
 * @m: where to
 * @reader: has its name
 * @index: the tag
 */
void pgtag_report_tag(struct seq_file *m, const struct pgtag_reader *reader, u32 index)
{
	seq_puts(m, reader->name);
	seq_puts(m, pgtag_tag_accurate(index) ? "" : " accurate:no");
	seq_puts(m, pgtag_tag_of_objects(index) ? " kind:object" : "");
}

static void show_header(struct seq_file *m, const struct pgtag_reader *reader)
{
	seq_printf(m, "%s\n", reader->numa ? "nodes - version: 1.0" :
					     "allocinfo - version: 2.0");
	seq_puts(m, "#     <size>  <calls> ");
	if (reader->numa)
		pgtag_numa_show_header(m, reader->numa);
	seq_puts(m, "<tag info>\n");
}

/* What is to be printed of a tag; false if it is not. */
static bool read_tag(struct pgtag_reader *reader, u32 index, struct pgtag_sum *sum)
{
	size_t length = 0;

	rcu_read_lock();
	if (!reader->numa || (!pgtag_tag_of_objects(index) &&
			      pgtag_numa_has(reader->numa, index))) {
		length = pgtag_tag_describe(index, reader->name,
					    sizeof(reader->name));
		*sum = reader->numa ? pgtag_numa_sum(reader->numa, index) :
				      pgtag_tag_sum(index);
	}
	rcu_read_unlock();
	return length && !pgtag_report_omits(index, sum);
}

static int allocinfo_show(struct seq_file *m, void *v)
{
	struct pgtag_reader *reader = m->private;
	struct pgtag_sum sum;
	u32 index;

	if (v == SEQ_START_TOKEN) {
		show_header(m, reader);
		return 0;
	}
	index = *(loff_t *)v;
	if (!read_tag(reader, index, &sum))
		return 0;
	/* CPUs are read one by one: a page may be seen to go, and not to come. */
	seq_printf(m, "%12lli %8llu ", sum.bytes, max(sum.calls, 0LL));
	if (reader->numa)
		pgtag_numa_show(m, reader->numa, index);
	pgtag_report_tag(m, reader, index);
	/* As in-tree: each line ends in a space. */
	seq_putc(m, ' ');
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations allocinfo_ops = {
	.start = pgtag_report_start,
	.next = pgtag_report_next,
	.stop = pgtag_report_stop,
	.show = allocinfo_show,
};

static int allocinfo_open(struct inode *inode, struct file *file)
{
	return seq_open_private(file, &allocinfo_ops, sizeof(struct pgtag_reader));
}

/* Without ioctls: under lockdown nobody may open a file in debugfs that has them. */
const struct file_operations pgtag_allocinfo_fops = {
	.owner = THIS_MODULE,
	.open = allocinfo_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = seq_release_private,
};

static int nodes_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct pgtag_reader *reader = m->private;

	pgtag_numa_free(reader->numa);
	return seq_release_private(inode, file);
}

/* One walk, however it is read then. */
static int nodes_open(struct inode *inode, struct file *file)
{
	struct pgtag_numa *numa = pgtag_numa_take();
	struct pgtag_reader *reader;

	if (IS_ERR(numa))
		return PTR_ERR(numa);
	reader = __seq_open_private(file, &allocinfo_ops, sizeof(*reader));
	if (!reader) {
		pgtag_numa_free(numa);
		return -ENOMEM;
	}
	reader->numa = numa;
	return 0;
}

const struct file_operations pgtag_nodes_fops = {
	.owner = THIS_MODULE,
	.open = nodes_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = nodes_release,
};

#if !IS_ENABLED(CONFIG_MEM_ALLOC_PROFILING)

static const struct proc_ops published_ops = {
	.proc_open = allocinfo_open,
	.proc_read_iter = seq_read_iter,
	.proc_lseek = seq_lseek,
	.proc_release = seq_release_private,
	.proc_ioctl = pgtag_report_ioctl,
#ifdef CONFIG_COMPAT
	.proc_compat_ioctl = pgtag_report_compat_ioctl,
#endif
};

static struct proc_dir_entry *published;

/**
 * pgtag_report_publish - make /proc/allocinfo
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int pgtag_report_publish(void)
{
	published = proc_create("allocinfo", 0400, NULL, &published_ops);
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
