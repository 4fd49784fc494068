// SPDX-License-Identifier: GPL-2.0
/*
 * On which NUMA nodes the pages of each tag are: nobody counts that, so a walk over
 * the memory map does when somebody asks. What it finds is a moment's view, and no
 * page is held for it: what is allocated or freed meanwhile may be in it or not,
 * and what moves from one node to another may be in both columns or in none. At rest
 * the columns of a tag add up to what its counters say.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include <pgtag/numa.h>
#include <pgtag/profile.h>
#include <pgtag/seen.h>
#include <pgtag/storage.h>
#include <pgtag/tags.h>
#include <pgtag/walk.h>

/* What the counts of one view may take, in bytes. */
#define MOST_BYTES	SZ_64M

/* What is counted of a tag, in the order of its columns. */
enum column {
	MEANS,		/* which tag it is, see meaning() */
	CALLS,
	FIRST_NODE,	/* pages on this one and on those that follow */
};

/**
 * struct pgtag_numa - a view
 * @end: there are counts of the tags below
 * @columns: of each tag
 * @of: the column of each node, 0 for those without memory. Nodes that get some
 *	later are not counted.
 * @count: the columns of the first tag, of the second, and so on
 */
struct pgtag_numa {
	u32 end;
	unsigned int columns;
	u16 of[MAX_NUMNODES];
	unsigned long *count;
};

struct walk {
	const struct pgtag_storage *storage;
	const struct pgtag_numa *numa;
};

static unsigned long *counts_of(const struct pgtag_numa *numa, u32 index)
{
	return numa->count + (size_t)index * numa->columns;
}

/*
 * An index may be another tag's by the time that it is printed: the return addresses
 * on the path tell, or, where code of it has gone, the name that was kept.
 */
static unsigned long meaning(u32 index)
{
	unsigned long means = (unsigned long)READ_ONCE(pgtag_tag_at(index)->name);
	unsigned int depth = pgtag_tag_depth(index);

	if (means)
		return means;
	for (; depth--; index = pgtag_tag_at(index)->parent)
		means = means * 31 + READ_ONCE(pgtag_tag_at(index)->ip);
	return means;
}

static __always_inline int count(struct page *page, unsigned long pfn, void *arg)
{
	const struct walk *walk = arg;
	struct pgtag_seen seen = pgtag_see(walk->storage, page, pfn);
	unsigned int column = walk->numa->of[page_to_nid(page)];
	unsigned long *counts;

	if ((seen.kind != PGTAG_HEAD && seen.kind != PGTAG_PIECE) ||
	    seen.index >= walk->numa->end || !column)
		return 0;
	counts = counts_of(walk->numa, seen.index);
	counts[CALLS] += seen.kind == PGTAG_HEAD;
	counts[column] += seen.pages;
	return 0;
}

static int count_each(struct page *page, unsigned long pfn, void *arg)
{
	/* Whoever ends profiling waits for this walk. */
	if (!pgtag_profile_has_tags())
		return -ECANCELED;
	return pgtag_each_page(page, pfn, arg, count);
}

static void choose_columns(struct pgtag_numa *numa)
{
	int nid;

	numa->columns = FIRST_NODE;
	for_each_node_state(nid, N_MEMORY)
		numa->of[nid] = numa->columns++;
}

static int make_room(struct pgtag_numa *numa)
{
	size_t size = numa->columns * sizeof(*numa->count);
	u32 i;

	if (size * numa->end > MOST_BYTES) {
		pr_info("nodes: %u tags on %u nodes are too many to count\n",
			numa->end, numa->columns - FIRST_NODE);
		return -ENOMEM;
	}
	numa->count = kvcalloc(numa->end, size, GFP_KERNEL);
	if (!numa->count)
		return -ENOMEM;
	for (i = CODETAG_ID_FIRST; i < numa->end; i++) {
		counts_of(numa, i)[MEANS] = meaning(i);
		cond_resched();
	}
	return 0;
}

static int look(struct pgtag_numa *numa, const struct pgtag_storage *storage)
{
	struct walk walk = { .storage = storage, .numa = numa };
	int ret;

	numa->end = pgtag_tags_end();
	ret = make_room(numa);
	if (!ret)
		ret = pgtag_walk(count_each, &walk);
	/* Profiling has ended: no tag is left. */
	if (ret == -ECANCELED) {
		numa->end = 0;
		ret = 0;
	}
	return ret;
}

/**
 * pgtag_numa_take - look where all pages are
 *
 * Context: process context, may sleep. Takes as long as a walk; a fatal signal ends it.
 * Return: what was found, of no tag if profiling is off; -ENOMEM, -EINTR.
 */
struct pgtag_numa *pgtag_numa_take(void)
{
	struct pgtag_numa *numa = kzalloc(sizeof(*numa), GFP_KERNEL);
	const struct pgtag_storage *storage;
	int ret = 0;

	if (!numa)
		return ERR_PTR(-ENOMEM);
	choose_columns(numa);
	storage = pgtag_profile_get();
	if (storage)
		ret = look(numa, storage);
	pgtag_profile_put();
	if (!ret)
		return numa;
	pgtag_numa_free(numa);
	return ERR_PTR(ret);
}

/**
 * pgtag_numa_free - done with it
 * @numa: what pgtag_numa_take() returned
 */
void pgtag_numa_free(struct pgtag_numa *numa)
{
	kvfree(numa->count);
	kfree(numa);
}

/**
 * pgtag_numa_has - was this tag looked at?
 * @numa: the view
 * @index: the tag, which may be another by now
 *
 * Context: any; there are tags.
 */
bool pgtag_numa_has(const struct pgtag_numa *numa, u32 index)
{
	return index < numa->end && counts_of(numa, index)[MEANS] == meaning(index);
}

/**
 * pgtag_numa_sum - what was found of a tag
 * @numa: the view
 * @index: the tag; pgtag_numa_has()
 */
struct pgtag_sum pgtag_numa_sum(const struct pgtag_numa *numa, u32 index)
{
	const unsigned long *counts = counts_of(numa, index);
	struct pgtag_sum sum = { .calls = counts[CALLS] };
	unsigned int i;

	for (i = FIRST_NODE; i < numa->columns; i++)
		sum.bytes += counts[i] * PAGE_SIZE;
	return sum;
}

/**
 * pgtag_numa_show_header - print the names of the columns
 * @m: where to
 * @numa: the view
 */
void pgtag_numa_show_header(struct seq_file *m, const struct pgtag_numa *numa)
{
	char name[16];
	int nid;

	for (nid = 0; nid < MAX_NUMNODES; nid++) {
		if (!numa->of[nid])
			continue;
		snprintf(name, sizeof(name), "<node%d>", nid);
		seq_printf(m, "%12s ", name);
	}
}

/**
 * pgtag_numa_show - print the columns of a tag, in bytes
 * @m: where to
 * @numa: the view
 * @index: the tag; pgtag_numa_has()
 */
void pgtag_numa_show(struct seq_file *m, const struct pgtag_numa *numa, u32 index)
{
	const unsigned long *counts = counts_of(numa, index);
	unsigned int i;

	for (i = FIRST_NODE; i < numa->columns; i++)
		seq_printf(m, "%12lu ", counts[i] * PAGE_SIZE);
}
