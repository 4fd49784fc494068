// SPDX-License-Identifier: GPL-2.0
/*
 * Is the invariant true? Walks the memory map and compares what it finds with
 * the counters.
 */
#include <linux/delay.h>
#include <linux/kallsyms.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include <pgtag/cells.h>
#include <pgtag/objects.h>
#include <pgtag/percpu_map.h>
#include <pgtag/profile.h>
#include <pgtag/report.h>
#include <pgtag/seen.h>
#include <pgtag/storage.h>
#include <pgtag/tags.h>
#include <pgtag/walk.h>

/* Walk so often before a tag is called different or unsettled. */
#define WALKS		8
#define PAUSE_MS	50

#define NAME_SIZE	(PGTAG_MAX_DEPTH * KSYM_SYMBOL_LEN)

/**
 * struct finding - a tag under audit
 * @pages: pages found that carry its index, without those where a piece begins; or
 *	cells of objects
 * @size: size of what was allocated with them
 * @before: its counters before the walk
 * @still: the counters did not move during the last walk
 * @settled: they did not move, and agree with what was found
 */
struct finding {
	s64 pages;
	s64 size;
	struct pgtag_sum before;
	bool still;
	bool settled;
};

struct audit {
	const struct pgtag_storage *storage;
	struct finding *findings;
	u32 end;
	unsigned long strays;	/* pages and objects with an index they should not have */
};

static __always_inline int count(struct page *page, unsigned long pfn, void *arg)
{
	struct audit *audit = arg;
	struct pgtag_seen seen = pgtag_see(audit->storage, page, pfn);

	if (seen.kind == PGTAG_NOTHING)
		return 0;
	if (seen.kind == PGTAG_STRAY) {
		audit->strays++;
		return 0;
	}
	if (seen.index >= audit->end) {
		/* A tag newer than this audit is not its business. */
		audit->strays += seen.index >= pgtag_tags_end();
		return 0;
	}
	audit->findings[seen.index].pages += seen.kind == PGTAG_HEAD;
	audit->findings[seen.index].size += seen.pages * PAGE_SIZE;
	return 0;
}

static int count_each(struct page *page, unsigned long pfn, void *arg)
{
	/* Whoever ends profiling waits for this audit. */
	if (!pgtag_profile_has_tags())
		return -ECANCELED;
	return pgtag_each_page(page, pfn, arg, count);
}

static int count_object(u32 index, size_t size, void *arg)
{
	struct audit *audit = arg;

	if (!pgtag_profile_has_tags())
		return -ECANCELED;
	if (index >= audit->end || !pgtag_tag_of_objects(index)) {
		audit->strays += index < audit->end || index >= pgtag_tags_end();
		return 0;
	}
	audit->findings[index].pages++;
	audit->findings[index].size += size;
	return 0;
}

static int count_area(const struct pgtag_area *area, void *arg)
{
	return count_object(area->index, area->bytes, arg);
}

static int count_objects(struct audit *audit)
{
	int ret = pgtag_cells_walk(count_object, audit);

	return ret ? ret : pgtag_percpu_walk(count_area, audit);
}

static int count_all(struct audit *audit)
{
	int ret = pgtag_walk(count_each, audit);

	return !ret && pgtag_objects_on() ? count_objects(audit) : ret;
}

static bool agrees(const struct finding *finding)
{
	const struct pgtag_sum *counted = &finding->before;

	return counted->calls == finding->pages &&
	       counted->bytes == finding->size;
}

static void prepare(struct audit *audit)
{
	u32 i;

	audit->strays = 0;
	for (i = CODETAG_ID_FIRST; i < audit->end; i++) {
		cond_resched();
		audit->findings[i].pages = 0;
		audit->findings[i].size = 0;
		audit->findings[i].before = pgtag_tag_sum(i);
	}
}

/* How many tags are not settled yet? */
static u32 judge(struct audit *audit)
{
	u32 open = 0;
	u32 i;

	for (i = CODETAG_ID_FIRST; i < audit->end; i++) {
		struct finding *finding = &audit->findings[i];
		struct pgtag_sum after = pgtag_tag_sum(i);

		cond_resched();
		finding->still = after.calls == finding->before.calls &&
				 after.bytes == finding->before.bytes;
		if (finding->still && agrees(finding))
			finding->settled = true;
		open += !finding->settled;
	}
	return open;
}

/*
 * A tag that agrees once with its counters standing still is settled. One
 * that does not may just have exchanged one page for another behind the
 * walk's back, so it gets further walks.
 */
static int settle(struct audit *audit)
{
	int ret = 0;
	int walk;

	for (walk = 0; walk < WALKS && !ret; walk++) {
		if (walk)
			msleep(PAUSE_MS);
		/* RCU frees pages too; let it finish what is on its way. */
		rcu_barrier();
		prepare(audit);
		ret = count_all(audit);
		if (!judge(audit) && !audit->strays)
			break;
	}
	return ret;
}

static void print(struct seq_file *m, const struct audit *audit, char *name)
{
	u32 differ = 0, moving = 0;
	u32 i;

	for (i = CODETAG_ID_FIRST; i < audit->end; i++) {
		const struct finding *finding = &audit->findings[i];

		if (finding->settled)
			continue;
		rcu_read_lock();
		pgtag_tag_describe(i, name, NAME_SIZE);
		rcu_read_unlock();
		seq_printf(m, "%s: %s: calls %lld bytes %lld, pages found %lld size %lld\n",
			   finding->still ? "differs" : "moving", name,
			   finding->before.calls, finding->before.bytes,
			   finding->pages, finding->size);
		differ += finding->still;
		moving += !finding->still;
	}
	if (audit->strays)
		seq_printf(m, "differs: %lu pages or objects carry an index they should not have\n",
			   audit->strays);
	differ += !!audit->strays;
	seq_printf(m, "tags: %u\n", audit->end - CODETAG_ID_FIRST);
	if (moving)
		seq_printf(m, "not judged, always moving: %u\n", moving);
	if (differ)
		seq_printf(m, "audit: %u differ\n", differ);
	else if (moving)
		seq_printf(m, "audit: %u not judged\n", moving);
	else
		seq_puts(m, "audit: ok\n");
}

static int run(struct seq_file *m, struct audit *audit)
{
	char *name = kvmalloc(NAME_SIZE, GFP_KERNEL);
	int ret = -ENOMEM;

	audit->end = pgtag_tags_end();
	audit->findings = vcalloc(audit->end, sizeof(*audit->findings));
	if (audit->findings && name) {
		ret = settle(audit);
		if (!ret)
			print(m, audit, name);
	}
	kvfree(name);
	vfree(audit->findings);
	return ret;
}

static int audit_show(struct seq_file *m, void *v)
{
	struct audit audit = { .storage = pgtag_profile_get() };
	int ret = -ECANCELED;

	if (audit.storage)
		ret = run(m, &audit);
	pgtag_profile_put();
	if (ret != -ECANCELED)
		return ret;
	seq_puts(m, "audit: profiling is off\n");
	return 0;
}

static int audit_open(struct inode *inode, struct file *file)
{
	return single_open(file, audit_show, NULL);
}

const struct file_operations pgtag_audit_fops = {
	.owner = THIS_MODULE,
	.open = audit_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};
