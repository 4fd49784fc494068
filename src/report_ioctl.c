// SPDX-License-Identifier: GPL-2.0
/*
 * The ioctls of /proc/allocinfo, as 7.3's own has them (mm/alloc_tag.c), so that
 * programs made for those work unchanged: the tags as records, one by one.
 *
 * A file has one place in the list of tags, apart from where it is read. Threads
 * that share it take turns, by the lock that reading takes, too.
 */
#include <linux/compat.h>
#include <linux/errno.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include <pgtag/profile.h>
#include <pgtag/report.h>
#include <pgtag/tags.h>

/**
 * struct search - what is looked for
 * @reader: who looks
 * @filter: what passes
 * @skip: how many of those to leave out
 * @shown: how many tags were seen that would pass without a filter
 * @data: what was found
 */
struct search {
	struct pgtag_reader *reader;
	const struct allocinfo_filter *filter;
	u64 skip;
	u64 shown;
	struct allocinfo_tag_data *data;
};

/* CPUs are read one by one: what is less than nothing is nothing. */
static void count(struct search *search, u32 index, const struct pgtag_sum *sum)
{
	struct allocinfo_counter *counter = &search->data->counter;

	counter->bytes = max(sum->bytes, 0LL);
	counter->calls = max(sum->calls, 0LL);
	counter->accurate = pgtag_tag_accurate(index);
}

/* False if it has gone meanwhile. */
static bool name(struct search *search, u32 index)
{
	struct pgtag_reader *reader = search->reader;

	if (!pgtag_tag_describe(index, reader->name, sizeof(reader->name)))
		return false;
	pgtag_record_name(&search->data->tag, reader->name);
	return true;
}

/* Looking up a name takes longer than all else: only where it is asked for. */
static bool passes(struct search *search, u32 index)
{
	const struct allocinfo_filter *filter = search->filter;

	if (!pgtag_filter_passes_counter(filter, &search->data->counter))
		return false;
	if (!(filter->mask & PGTAG_FILTER_NAMES))
		return true;
	return name(search, index) &&
	       pgtag_filter_passes_tag(filter, &search->data->tag);
}

/* In an RCU section: what a tag is called, and what it owns, belong together. */
static bool is_it(struct search *search, u32 index)
{
	struct pgtag_sum sum;

	/* A record has no kind: sums of what these ioctls say are sums of pages. */
	if (!pgtag_tag_listed(index) || pgtag_tag_of_objects(index))
		return false;
	sum = pgtag_tag_sum(index);
	if (pgtag_report_omits(index, &sum))
		return false;
	search->shown++;
	count(search, index, &sum);
	if (!passes(search, index))
		return false;
	if (search->skip) {
		search->skip--;
		return false;
	}
	return search->filter->mask & PGTAG_FILTER_NAMES || name(search, index);
}

/* The first one from @index on; its index, or an error. There are tags to read. */
static int find(struct search *search, u32 index)
{
	bool found;

	for (; index < pgtag_tags_end(); index++) {
		cond_resched();
		if (fatal_signal_pending(current))
			return -EINTR;
		/* Whoever ends profiling waits for this. */
		if (!pgtag_profile_has_tags())
			break;
		rcu_read_lock();
		found = is_it(search, index);
		rcu_read_unlock();
		if (found)
			return index;
	}
	return -ENOENT;
}

/*
 * Where there are no more tags than that, all stays as it is. Where others are in
 * the filter's way, who goes on with this filter finds none either.
 */
static int get_at(struct search *search, struct pgtag_reader *reader, u64 at)
{
	int index = find(search, CODETAG_ID_FIRST);

	if (index == -EINTR || (index < 0 && at >= search->shown))
		return index;
	reader->filter = *search->filter;
	if (index >= 0)
		reader->next = index + 1;
	else if (reader->next)
		reader->next = pgtag_tags_end();
	return min(index, 0);
}

/* After the last one it begins anew. */
static int get_next(struct search *search, struct pgtag_reader *reader)
{
	int index = find(search, max(reader->next, CODETAG_ID_FIRST));

	if (index != -EINTR)
		reader->next = index >= 0 ? index + 1 : 0;
	return min(index, 0);
}

/* @at is NULL for the one that follows. */
static int get(struct file *file, const struct allocinfo_get_at *at,
	       struct allocinfo_tag_data *data)
{
	struct seq_file *m = file->private_data;
	struct pgtag_reader *reader = m->private;
	struct search search = {
		.reader = reader,
		.filter = at ? &at->filter : &reader->filter,
		.skip = at ? at->pos : 0,
		.data = data,
	};
	int ret = -ENOENT;

	memset(data, 0, sizeof(*data));
	if (mutex_lock_killable(&m->lock))
		return -EINTR;
	if (pgtag_profile_get())
		ret = at ? get_at(&search, reader, at->pos) :
			   get_next(&search, reader);
	else if (!at)
		reader->next = 0;
	pgtag_profile_put();
	mutex_unlock(&m->lock);
	return ret;
}

static int ioctl_get_at(struct file *file, void __user *arg)
{
	struct allocinfo_get_at params;
	int ret;

	if (copy_from_user(&params, arg, sizeof(params)))
		return -EFAULT;
	if (!pgtag_filter_valid(&params.filter))
		return -EINVAL;
	ret = get(file, &params, &params.data);
	if (ret)
		return ret;
	return copy_to_user(arg, &params, sizeof(params)) ? -EFAULT : 0;
}

static int ioctl_get_next(struct file *file, void __user *arg)
{
	struct allocinfo_tag_data data;
	int ret = get(file, NULL, &data);

	if (ret)
		return ret;
	return copy_to_user(arg, &data, sizeof(data)) ? -EFAULT : 0;
}

static int ioctl_content_id(void __user *arg)
{
	struct allocinfo_content_id content = { .id = pgtag_tags_content() };

	return copy_to_user(arg, &content, sizeof(content)) ? -EFAULT : 0;
}

/**
 * pgtag_report_ioctl - an ioctl on /proc/allocinfo
 * @file: the file, opened by report.c
 * @command: ALLOCINFO_IOC_...
 * @arg: where its structure is in user memory
 *
 * Context: process context, may sleep.
 * Return: 0; -EFAULT; -EINVAL for a filter that means nothing; -ENOENT after the
 * last tag, and where there are none; -EINTR; -ENOIOCTLCMD.
 */
long pgtag_report_ioctl(struct file *file, unsigned int command, unsigned long arg)
{
	void __user *params = (void __user *)arg;

	switch (command) {
	case ALLOCINFO_IOC_CONTENT_ID:
		return ioctl_content_id(params);
	case ALLOCINFO_IOC_GET_AT:
		return ioctl_get_at(file, params);
	case ALLOCINFO_IOC_GET_NEXT:
		return ioctl_get_next(file, params);
	default:
		return -ENOIOCTLCMD;
	}
}

#ifdef CONFIG_COMPAT
/**
 * pgtag_report_compat_ioctl - the same, from a program of 32 bits
 * @file: the file
 * @command: ALLOCINFO_IOC_...
 * @arg: where its structure is, which looks the same there
 *
 * Context: process context, may sleep.
 * Return: as pgtag_report_ioctl().
 */
long pgtag_report_compat_ioctl(struct file *file, unsigned int command, unsigned long arg)
{
	return pgtag_report_ioctl(file, command, (unsigned long)compat_ptr(arg));
}
#endif
