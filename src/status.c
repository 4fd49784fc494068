// SPDX-License-Identifier: GPL-2.0
/*
 * The files that tell about the module itself: status and layout.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/string_helpers.h>

#include <pgtag/caller.h>
#include <pgtag/degraded.h>
#include <pgtag/guard.h>
#include <pgtag/hooks.h>
#include <pgtag/inventory.h>
#include <pgtag/lines_file.h>
#include <pgtag/memreport.h>
#include <pgtag/objects.h>
#include <pgtag/profile.h>
#include <pgtag/stats.h>
#include <pgtag/status.h>
#include <pgtag/storage.h>
#include <pgtag/tags.h>
#include <pgtag/totals.h>
#include <shim/page.h>

/* The state and how much it sees, for a person. */
static void show_head(struct seq_file *m, const char *state, bool any_tags,
		      s64 tagged)
{
	char known[16], all[16];

	seq_printf(m, "# Profiling: %s\n", state);
	if (!any_tags)
		return;
	string_get_size(max(tagged, 0LL), 1, STRING_UNITS_2, known, sizeof(known));
	string_get_size(pgtag_inventory_in_use(), 1, STRING_UNITS_2, all, sizeof(all));
	seq_printf(m, "# Coverage: %s of %s in use have a tag; the earlier the module is loaded, the more\n",
		   known, all);
}

static void show_tags(struct seq_file *m, struct pgtag_sum total)
{
	seq_printf(m, "depth: %u\n", pgtag_profile_depth());
	seq_printf(m, "slab: %s\n", pgtag_profile_slab());
	seq_printf(m, "capacity: %u\n", pgtag_tags_capacity());
	seq_printf(m, "tags: %u\n", pgtag_tags_used());
	seq_printf(m, "tag memory: %zu bytes\n",
		   pgtag_tags_memory() + pgtag_nodes_memory());
	seq_printf(m, "tagged bytes: %lld\n", total.bytes);
	seq_printf(m, "tagged calls: %lld\n", total.calls);
}

static void show_totals(struct seq_file *m)
{
	seq_printf(m, "totals: %s\n", pgtag_totals_on() ? "on" : "off");
	if (pgtag_totals_on())
		seq_printf(m, "peak rounds: %lu\n", pgtag_totals_rounds());
}

static void show_objects(struct seq_file *m)
{
	struct pgtag_sum total;

	if (!pgtag_objects_on())
		return;
	total = pgtag_tags_total(true);
	seq_printf(m, "object bytes: %lld\n", total.bytes);
	seq_printf(m, "object calls: %lld\n", total.calls);
	pgtag_objects_show(m);
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
		{ "asked",	    PGTAG_STAT_ASKED },
		{ "learned",	    PGTAG_STAT_LEARNED },
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
	const struct pgtag_storage *storage = pgtag_profile_get();
	const char *state = pgtag_profile_state();
	struct pgtag_sum total = { };
	unsigned long degraded;

	if (storage)
		total = pgtag_tags_total(false);
	show_head(m, state, storage, total.bytes);
	degraded = pgtag_degraded_tell(m, storage);
	seq_printf(m, "state: %s\n", state);
	pgtag_degraded_show(m, degraded);
	if (storage) {
		seq_printf(m, "storage: %s\n", storage->name);
		storage->show(m);
		show_tags(m, total);
		show_objects(m);
		show_totals(m);
		pgtag_inventory_show(m, total.bytes);
	}
	pgtag_lines_show(m);
	show_stats(m);
	pgtag_hooks_show(m);
	pgtag_guard_show(m);
	pgtag_memreport_show(m);
	pgtag_profile_put();
	return 0;
}

static int status_open(struct inode *inode, struct file *file)
{
	return single_open(file, status_show, NULL);
}

const struct file_operations pgtag_status_fops = {
	.owner = THIS_MODULE,
	.open = status_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};

static const char *part_use(enum pgtag_part part,
			    const struct pgtag_layout *layout)
{
	bool ours = pgtag_profile_compressed() && part == pgtag_field.part;

	switch (part) {
	case PGTAG_PART_UNUSED:
		if (layout->unused_taken)
			return "the kernel's own allocation profiling";
		return ours ? "tag index" : "nobody";
	case PGTAG_PART_LAST_CPUPID:
		if (ours)
			return "tag index, borrowed while NUMA balancing is off";
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
	struct pgtag_layout layout;
	int i;

	if (pgtag_layout_compute(&layout, &widths))
		return -EINVAL;
	seq_puts(m, "# part        bits    width used by\n");
	pgtag_profile_get();
	for (i = 0; i < PGTAG_NR_PARTS; i++) {
		unsigned int shift = layout.shift[i];
		unsigned int width = layout.width[i];

		if (width)
			seq_printf(m, "%-12s %2u-%-2u %8u %s\n",
				   pgtag_part_name(i), shift,
				   shift + width - 1, width,
				   part_use(i, &layout));
		else
			seq_printf(m, "%-12s -     %8u\n",
				   pgtag_part_name(i), width);
	}
	pgtag_profile_put();
	return 0;
}

static int layout_open(struct inode *inode, struct file *file)
{
	return single_open(file, layout_show, NULL);
}

const struct file_operations pgtag_layout_fops = {
	.owner = THIS_MODULE,
	.open = layout_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};
