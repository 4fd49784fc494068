// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/debug/pgtag: the directory, and the files that tell about the
 * module itself, status and layout.
 */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/seq_file.h>

#include <pgtag/control.h>
#include <pgtag/guard.h>
#include <pgtag/hooks.h>
#include <pgtag/profile.h>
#include <pgtag/report.h>
#include <pgtag/stats.h>
#include <pgtag/storage.h>
#include <pgtag/tags.h>

static struct dentry *directory;
static struct pgtag_mode mode;

static const char *state_name(void)
{
	if (pgtag_profile_running())
		return "on";
	return mode.state == PGTAG_NEVER ? "never" : "off";
}

static void show_tags(struct seq_file *m)
{
	struct pgtag_counter total = { };
	u32 end = pgtag_tags_end();
	u32 i;

	for (i = CODETAG_ID_FIRST; i < end; i++) {
		struct pgtag_counter sum = pgtag_tag_sum(i);

		total.bytes += sum.bytes;
		total.calls += sum.calls;
	}
	seq_printf(m, "capacity: %u\n", pgtag_tags_capacity());
	seq_printf(m, "tags: %u\n", end - CODETAG_ID_FIRST);
	seq_printf(m, "tagged bytes: %lld\n", total.bytes);
	seq_printf(m, "tagged calls: %lld\n", total.calls);
}

static void show_stats(struct seq_file *m)
{
	static const struct {
		const char *key;
		enum pgtag_stat stat;
	} lines[] = {
		{ "untagged frees", PGTAG_STAT_UNTAGGED_FREE },
		{ "dropped",	    PGTAG_STAT_DROPPED },
		{ "stale",	    PGTAG_STAT_STALE },
		{ "unwound",	    PGTAG_STAT_UNWOUND },
		{ "checked",	    PGTAG_STAT_CHECKED },
		{ "wrong",	    PGTAG_STAT_WRONG },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++)
		seq_printf(m, "%s: %lu\n", lines[i].key,
			   pgtag_stat_sum(lines[i].stat));
}

static int status_show(struct seq_file *m, void *v)
{
	seq_printf(m, "state: %s\n", state_name());
	if (!pgtag_profile_running())
		return 0;
	seq_puts(m, "storage: flags\n");
	seq_printf(m, "field: %s%s, shift %u, width %u\n",
		   pgtag_part_name(pgtag_field.part),
		   pgtag_field_borrowed(&pgtag_field) ? " (borrowed)" : "",
		   pgtag_field.shift, pgtag_field.width);
	show_tags(m);
	show_stats(m);
	pgtag_hooks_show(m);
	pgtag_guard_show(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(status);

static const char *part_use(enum pgtag_part part)
{
	bool ours = pgtag_profile_running() && part == pgtag_field.part;

	switch (part) {
	case PGTAG_PART_UNUSED:
		if (pgtag_layout.unused_taken)
			return "the kernel's own allocation profiling";
		return ours ? "tag index" : "nobody";
	case PGTAG_PART_LAST_CPUPID:
		if (ours)
			return "tag index, borrowed while NUMA balancing is off: the unused bits are too few";
		return "NUMA balancing";
	case PGTAG_PART_FLAGS:
		return "enum pageflags";
	default:
		return "the kernel";
	}
}

static int layout_show(struct seq_file *m, void *v)
{
	struct pgtag_widths widths = pgtag_kernel_widths();
	int i;

	if (pgtag_layout_compute(&pgtag_layout, &widths))
		return -EINVAL;
	seq_puts(m, "# part        bits    width used by\n");
	for (i = 0; i < PGTAG_NR_PARTS; i++) {
		unsigned int shift = pgtag_layout.shift[i];
		unsigned int width = pgtag_layout.width[i];

		if (width)
			seq_printf(m, "%-12s %2u-%-2u %8u %s\n",
				   pgtag_part_name(i), shift,
				   shift + width - 1, width, part_use(i));
		else
			seq_printf(m, "%-12s -     %8u\n",
				   pgtag_part_name(i), width);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(layout);

/**
 * pgtag_control_init - make the files
 * @asked: what the user asked for
 *
 * A kernel without a mounted or usable debugfs is no reason not to profile:
 * /proc/allocinfo is there all the same.
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int pgtag_control_init(const struct pgtag_mode *asked)
{
	int ret = 0;

	mode = *asked;
	if (pgtag_profile_running())
		ret = pgtag_report_publish();
	if (ret)
		return ret;
	directory = debugfs_create_dir("pgtag", NULL);
	debugfs_create_file("status", 0400, directory, NULL, &status_fops);
	debugfs_create_file("layout", 0400, directory, NULL, &layout_fops);
	if (!pgtag_profile_running())
		return 0;
	debugfs_create_file("allocinfo", 0400, directory, NULL,
			    &pgtag_allocinfo_fops);
	debugfs_create_file("audit", 0400, directory, NULL, &pgtag_audit_fops);
	return 0;
}

/**
 * pgtag_control_exit - remove the files
 *
 * Context: process context, may sleep. Waits for whoever reads one.
 */
void pgtag_control_exit(void)
{
	debugfs_remove(directory);
	pgtag_report_withdraw();
}
