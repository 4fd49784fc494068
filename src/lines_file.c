// SPDX-License-Identifier: GPL-2.0
/*
 * The lines file: source lines of call sites, one record a line, for the names that
 * all other files print. They are about names and not about addresses, so they stay
 * when their module goes, and hold again when it comes back; if it was built anew
 * meanwhile, or another kernel's lines were written, they are wrong and nobody can
 * tell.
 *
 * What counts as one file is all that is written between open() and the last
 * close(), however it is cut: it is read record by record as it comes, takes effect
 * when the last close() returns, and then replaces what was there before. An empty
 * file leaves nothing. So nothing is half applied, names never are without lines for
 * a moment, and no more memory is needed to take it: all of it has been had, or was
 * refused. A write() that has a bad record in it fails, and with it the file, that is
 * all further ones and each close(). A record that does not end in a newline may
 * still be going on, and cannot be judged; as it may be the end as well, close()
 * fails then. It does so for everybody who has the file open and closes it, as
 * processes do that a shell gave it to one after the other: if the record does end
 * later, that close() alone has failed. What a process wrote that was killed is not
 * a whole file, and refused.
 *
 * There is one writer at a time, which bounds the memory: to the lines that are
 * in use, and those that are to replace them.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitops.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/stringify.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include <pgtag/lines.h>
#include <pgtag/lines_file.h>
#include <pgtag/tags.h>

/* Characters that may be written to one open file. */
#define MOST_BYTES	SZ_4M
#define FIRST_ROOM	SZ_16K

/**
 * struct writer - who has the file open
 * @lock: several may write through one open file
 * @lines: what has been read so far
 * @bytes: characters that were written
 * @records: records that were read
 * @error: why the file is refused, or 0
 * @have: characters of the last record that are there already
 * @record: these
 * @piece: what was just written
 */
struct writer {
	struct mutex lock;
	struct pgtag_lines *lines;
	size_t bytes;
	u32 records;
	int error;
	size_t have;
	char record[PGTAG_LINE_LENGTH];
	char piece[PGTAG_LINE_LENGTH];
};

static unsigned long busy;	/* bit 0: somebody writes */
static struct pgtag_lines __rcu *current_lines;

static void free_lines(struct pgtag_lines *lines)
{
	if (!lines)
		return;
	vfree(lines->text);
	vfree(lines);
}

/* Called by one writer at a time, or none; may sleep. */
static void publish(struct pgtag_lines *lines)
{
	pgtag_tags_changed();
	lines = rcu_replace_pointer(current_lines, lines, true);
	pgtag_tags_changed();
	if (lines)
		synchronize_rcu();
	free_lines(lines);
}

static int refuse_record(const struct writer *writer)
{
	pr_info("lines: line %u is not " PGTAG_LINES_GRAMMAR "; all of the file is refused\n",
		writer->records);
	return -EINVAL;
}

static int refuse(int error, const char *why)
{
	pr_info("lines: %s; all of the file is refused\n", why);
	return error;
}

static int make_room(struct pgtag_lines *lines)
{
	u32 room = max(2 * lines->room, (u32)FIRST_ROOM);
	char *text = vmalloc(room);

	if (!text)
		return refuse(-ENOMEM, "no memory for them");
	if (lines->text)
		memcpy(text, lines->text, lines->used);
	vfree(lines->text);
	lines->text = text;
	lines->room = room;
	return 0;
}

static int take_record(struct writer *writer)
{
	struct pgtag_line line;
	int ret = 0;

	writer->records++;
	if (pgtag_line_parse(&line, writer->record, writer->have))
		return refuse_record(writer);
	writer->have = 0;
	if (!pgtag_lines_fit(writer->lines))
		ret = make_room(writer->lines);
	if (!ret && pgtag_lines_add(writer->lines, &line))
		ret = refuse(-ENOSPC, "more call sites than " __stringify(PGTAG_LINES_MOST));
	return ret;
}

/* Records may begin and end anywhere in what is written. */
static int take_piece(struct writer *writer, size_t size)
{
	const char *at = writer->piece;
	const char *end = at + size;
	int ret = 0;

	while (at < end && !ret) {
		const char *newline = memchr(at, '\n', end - at);
		size_t part = (newline ?: end) - at;

		if (part > sizeof(writer->record) - writer->have) {
			writer->records++;
			return refuse_record(writer);
		}
		memcpy(writer->record + writer->have, at, part);
		writer->have += part;
		at += part;
		if (newline) {
			ret = take_record(writer);
			at++;
		}
	}
	return ret;
}

static int take(struct writer *writer, const char __user *data, size_t size)
{
	int ret = 0;

	if (size > MOST_BYTES - writer->bytes)
		return refuse(-EFBIG, "more than 4 MiB");
	writer->bytes += size;
	while (size && !ret) {
		size_t piece = min(size, sizeof(writer->piece));

		if (copy_from_user(writer->piece, data, piece))
			return -EFAULT;
		ret = take_piece(writer, piece);
		data += piece;
		size -= piece;
		cond_resched();
	}
	return ret;
}

static ssize_t lines_write(struct file *file, const char __user *data,
			   size_t size, loff_t *at)
{
	struct writer *writer = file->private_data;
	int ret;

	mutex_lock(&writer->lock);
	if (!writer->error)
		writer->error = take(writer, data, size);
	ret = writer->error;
	mutex_unlock(&writer->lock);
	return ret ? ret : size;
}

/* Threads that end because another one exits are sent a signal as well. */
static bool is_killed(void)
{
	return current->flags & PF_SIGNALED &&
	       READ_ONCE(current->signal->group_exit_code) & 0x7f;
}

/* What close() returns: would the file be refused if this were all? */
static int lines_flush(struct file *file, fl_owner_t owner)
{
	struct writer *writer = file->private_data;
	int ret;

	mutex_lock(&writer->lock);
	if (!writer->error && is_killed())
		writer->error = refuse(-EINTR, "who wrote them was killed");
	ret = writer->error;
	if (!ret && writer->have)
		ret = -EINVAL;
	mutex_unlock(&writer->lock);
	return ret;
}

static struct writer *new_writer(void)
{
	struct writer *writer = kzalloc(sizeof(*writer), GFP_KERNEL);

	if (!writer)
		return NULL;
	mutex_init(&writer->lock);
	writer->lines = vzalloc(sizeof(*writer->lines));
	if (writer->lines)
		return writer;
	kfree(writer);
	return NULL;
}

static int lines_open(struct inode *inode, struct file *file)
{
	/* Closed, it would have been an empty file. */
	if (!(file->f_mode & FMODE_WRITE))
		return -EACCES;
	if (test_and_set_bit_lock(0, &busy))
		return -EBUSY;
	file->private_data = new_writer();
	if (!file->private_data) {
		clear_bit_unlock(0, &busy);
		return -ENOMEM;
	}
	return stream_open(inode, file);
}

/* Is what was written a whole file? */
static bool is_whole(struct writer *writer)
{
	if (writer->error)
		return false;
	if (!writer->have)
		return true;
	writer->records++;
	refuse_record(writer);
	return false;
}

static int lines_release(struct inode *inode, struct file *file)
{
	struct writer *writer = file->private_data;
	bool any = writer->lines->nr;
	bool whole = is_whole(writer);

	if (whole)
		publish(any ? writer->lines : NULL);
	if (!whole || !any)
		free_lines(writer->lines);
	kfree(writer);
	clear_bit_unlock(0, &busy);
	return 0;
}

/* Its flush() must be seen, so it goes without debugfs' proxy: see control.c. */
const struct file_operations pgtag_lines_fops = {
	.owner = THIS_MODULE,
	.open = lines_open,
	.write = lines_write,
	.flush = lines_flush,
	.release = lines_release,
};

/**
 * pgtag_lines_name - say a tag's line in its name, if it is known
 * @text: as pgtag_lines_apply()
 * @length: its length
 * @size: room for it
 *
 * Context: any, in an RCU read-side section.
 * Return: its length now.
 */
size_t pgtag_lines_name(char *text, size_t length, size_t size)
{
	const struct pgtag_lines *lines = rcu_dereference(current_lines);

	return lines ? pgtag_lines_apply(lines, text, length, size) : length;
}

/**
 * pgtag_lines_show - print how many lines there are, and what they take
 * @m: where to
 *
 * Context: process context.
 */
void pgtag_lines_show(struct seq_file *m)
{
	const struct pgtag_lines *lines;

	rcu_read_lock();
	lines = rcu_dereference(current_lines);
	seq_printf(m, "lines: %u call sites, %zu bytes\n",
		   lines ? lines->nr : 0,
		   lines ? sizeof(*lines) + lines->room : 0);
	rcu_read_unlock();
}

/**
 * pgtag_lines_exit - forget all lines
 *
 * Context: process context, may sleep. Nobody has the file open, nor will have.
 */
void pgtag_lines_exit(void)
{
	publish(NULL);
}
