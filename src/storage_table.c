// SPDX-License-Identifier: GPL-2.0
/*
 * Indices in a table, for machines whose page->flags has no room: a piece for
 * each memory section that is online, like the kernel's page_ext but with two
 * bytes a page, or four where two cannot number the tags.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/tracepoint.h>
#include <linux/vmalloc.h>

#include <pgtag/events.h>
#include <pgtag/storage.h>
#include <pgtag/table.h>

#define NR_LEAVES	DIV_ROUND_UP(NR_MEM_SECTIONS, 1UL << PGTAG_LEAF_BITS)

struct pgtag_leaf **pgtag_leaves __read_mostly;

static size_t entry_size;	/* in bytes */
static unsigned long pieces;
static DEFINE_MUTEX(pieces_lock);	/* hotplug, and starting or stopping */

static size_t piece_size(void)
{
	return PAGES_PER_SECTION * entry_size;
}

/* Where the pointer to a section's piece is, or NULL without a leaf. */
static void **piece_of(unsigned long section)
{
	struct pgtag_leaf *leaf = pgtag_leaves[section >> PGTAG_LEAF_BITS];

	return leaf ? &leaf->piece[section % (1 << PGTAG_LEAF_BITS)] : NULL;
}

static int add_leaf(unsigned long section)
{
	struct pgtag_leaf **leaf = &pgtag_leaves[section >> PGTAG_LEAF_BITS];

	if (!*leaf)
		*leaf = kzalloc(sizeof(**leaf), GFP_KERNEL);
	return *leaf ? 0 : -ENOMEM;
}

/* Zeroes are what every page must read: CODETAG_ID_NULL. */
static int add_piece(unsigned long section, int nid)
{
	void **piece;

	if (add_leaf(section))
		return -ENOMEM;
	piece = piece_of(section);
	if (*piece)
		return 0;
	*piece = vzalloc_node(piece_size(), nid);
	if (!*piece)
		return -ENOMEM;
	pieces++;
	return 0;
}

/* Nothing is allocated there any more; let those finish who saw the piece. */
static void remove_piece(unsigned long section)
{
	void **place = piece_of(section);
	void *piece = place ? *place : NULL;

	if (!piece)
		return;
	WRITE_ONCE(*place, NULL);
	tracepoint_synchronize_unregister();
	vfree(piece);
	pieces--;
}

static bool section_is_online(unsigned long section)
{
	unsigned long pfn = section_nr_to_pfn(section);
	unsigned long end = pfn + PAGES_PER_SECTION;

	for (; pfn < end; pfn += PAGES_PER_SUBSECTION) {
		if (pfn_to_online_page(pfn))
			return true;
	}
	return false;
}

static int add_node(int nid)
{
	unsigned long section = pfn_to_section_nr(node_start_pfn(nid));
	unsigned long last = pfn_to_section_nr(node_end_pfn(nid) - 1);

	for (; section <= last; section++) {
		if (section_is_online(section) && add_piece(section, nid))
			return -ENOMEM;
		cond_resched();
	}
	return 0;
}

static void remove_all(void)
{
	size_t i, k;

	for (i = 0; pgtag_leaves && i < NR_LEAVES; i++) {
		struct pgtag_leaf *leaf = pgtag_leaves[i];

		for (k = 0; leaf && k < ARRAY_SIZE(leaf->piece); k++)
			vfree(leaf->piece[k]);
		kfree(leaf);
	}
	kvfree(pgtag_leaves);
	pgtag_leaves = NULL;
	pieces = 0;
}

/* Nothing to do before the leaves are there: add_nodes() is still to come. */
static int online(unsigned long section, unsigned long end)
{
	int ret = 0;

	mutex_lock(&pieces_lock);
	for (; pgtag_leaves && section < end && !ret; section++)
		ret = add_piece(section, NUMA_NO_NODE);
	mutex_unlock(&pieces_lock);
	return ret;
}

static void offline(unsigned long section, unsigned long end)
{
	mutex_lock(&pieces_lock);
	for (; pgtag_leaves && section < end; section++) {
		if (!section_is_online(section))
			remove_piece(section);
	}
	mutex_unlock(&pieces_lock);
}

static int add_nodes(void)
{
	int ret = 0;
	int nid;

	for_each_online_node(nid) {
		ret = add_node(nid);
		if (ret)
			break;
	}
	return ret;
}

static void release(void)
{
	mutex_lock(&pieces_lock);
	remove_all();
	mutex_unlock(&pieces_lock);
}

static int claim(size_t size)
{
	int ret = -ENOMEM;

	entry_size = size;
	mutex_lock(&pieces_lock);
	pgtag_leaves = kvcalloc(NR_LEAVES, sizeof(*pgtag_leaves), GFP_KERNEL);
	if (pgtag_leaves)
		ret = add_nodes();
	mutex_unlock(&pieces_lock);
	if (ret) {
		pr_err("no memory for the table of indices\n");
		release();
	}
	return ret;
}

static int claim_narrow(void)
{
	return claim(sizeof(u16));
}

static int claim_wide(void)
{
	return claim(sizeof(u32));
}

static unsigned long indices_narrow(void)
{
	return 1UL << (sizeof(u16) * BITS_PER_BYTE - 1);
}

static unsigned long indices_wide(void)
{
	return 1UL << (sizeof(u32) * BITS_PER_BYTE - 1);
}

static u32 entry(const void *piece, unsigned long i)
{
	if (entry_size == sizeof(u16))
		return READ_ONCE(((const u16 *)piece)[i]);
	return READ_ONCE(((const u32 *)piece)[i]);
}

/* For those who are no event handler: the piece may be going just now. */
static u32 get(struct page *page)
{
	unsigned long pfn = page_to_pfn(page);
	void **place = piece_of(pfn_to_section_nr(pfn));
	u32 index = CODETAG_ID_NULL;
	const void *piece;

	rcu_read_lock();
	piece = place ? READ_ONCE(*place) : NULL;
	if (piece)
		index = entry(piece, pfn % PAGES_PER_SECTION);
	rcu_read_unlock();
	return index;
}

static void show(struct seq_file *m)
{
	seq_printf(m, "table: %lu pages of %zu bytes an index, %lu bytes\n",
		   pieces * PAGES_PER_SECTION, entry_size,
		   pieces * piece_size());
}

const struct pgtag_storage pgtag_storage_table = {
	.name = "table",
	.events = &pgtag_events_table,
	.indices = indices_narrow,
	.claim = claim_narrow,
	.release = release,
	.online = online,
	.offline = offline,
	.get = get,
	.show = show,
};

const struct pgtag_storage pgtag_storage_wide_table = {
	.name = "table",
	.events = &pgtag_events_wide_table,
	.indices = indices_wide,
	.claim = claim_wide,
	.release = release,
	.online = online,
	.offline = offline,
	.get = get,
	.show = show,
};
