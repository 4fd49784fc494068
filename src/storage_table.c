// SPDX-License-Identifier: GPL-2.0
/*
 * Indices in a table, for machines whose page->flags has no room: a piece for
 * each memory section that is online, like the kernel's page_ext but with two
 * bytes a page, or four where two cannot number the tags.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/tracepoint.h>
#include <linux/vmalloc.h>

#include <pgtag/events.h>
#include <pgtag/storage.h>
#include <pgtag/table.h>
#include <pgtag/walk.h>

/* A block of memory that goes offline has 16 sections as a rule. */
#define PIECES_AT_ONCE	16

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

static void *take_piece(unsigned long section)
{
	void **place = piece_of(section);
	void *piece = place ? *place : NULL;

	if (piece)
		WRITE_ONCE(*place, NULL);
	return piece;
}

/*
 * Take away the pieces of what is no longer online, some at a time. Nothing is
 * allocated there any more; let those finish who saw a piece, event handlers and
 * others. Returns where to go on.
 */
static unsigned long remove_pieces(unsigned long section, unsigned long end)
{
	void *taken[PIECES_AT_ONCE];
	unsigned int nr = 0;

	for (; section < end && nr < PIECES_AT_ONCE; section++) {
		void *piece = online_section_nr(section) ?
			      NULL : take_piece(section);

		if (piece)
			taken[nr++] = piece;
	}
	if (!nr)
		return section;
	tracepoint_synchronize_unregister();
	synchronize_rcu();
	pieces -= nr;
	while (nr--)
		vfree(taken[nr]);
	return section;
}

/* The node of a section that is online, or NUMA_NO_NODE if it is no longer. */
static int node_of(unsigned long section)
{
	unsigned long pfn = section_nr_to_pfn(section);
	unsigned long end = pfn + PAGES_PER_SECTION;
	struct page *page = NULL;
	int nid = NUMA_NO_NODE;

	rcu_read_lock();
	for (; !page && pfn < end; pfn += PAGES_PER_SUBSECTION)
		page = pfn_to_online_page(pfn);
	if (page)
		nid = page_to_nid(page);
	rcu_read_unlock();
	return nid;
}

static int add_all(void)
{
	unsigned long section = pgtag_online_section(0);
	int ret = 0;

	while (!ret && section < NR_MEM_SECTIONS) {
		ret = fatal_signal_pending(current) ?
		      -EINTR : add_piece(section, node_of(section));
		section = pgtag_online_section(section + 1);
	}
	return ret;
}

static void remove_leaf(struct pgtag_leaf *leaf)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(leaf->piece); i++)
		vfree(leaf->piece[i]);
	kfree(leaf);
}

/*
 * No event handler runs any more, but get() and clear() may. There are at most
 * 2^16 leaves (with five levels of page tables).
 */
static void remove_all(void)
{
	struct pgtag_leaf **leaves = pgtag_leaves;
	size_t i;

	if (!leaves)
		return;
	WRITE_ONCE(pgtag_leaves, NULL);
	synchronize_rcu();
	for (i = 0; i < NR_LEAVES; i++) {
		if (leaves[i])
			remove_leaf(leaves[i]);
		cond_resched();
	}
	kvfree(leaves);
	pieces = 0;
}

/* Nothing to do before the leaves are there: add_all() is still to come. */
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
	while (pgtag_leaves && section < end)
		section = remove_pieces(section, end);
	mutex_unlock(&pieces_lock);
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
		ret = add_all();
	mutex_unlock(&pieces_lock);
	if (ret == -ENOMEM)
		pr_err("no memory for the table of indices\n");
	if (ret)
		release();
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

/* The bit above all indices. */
static u32 mark_narrow(void)
{
	return indices_narrow();
}

static u32 mark_wide(void)
{
	return indices_wide();
}

/*
 * The entry of a page, or NULL. For those who are no event handler, in an RCU
 * section: the piece may be going just now, and so may the table.
 */
static void *entry_of(struct page *page)
{
	unsigned long pfn = page_to_pfn(page);
	unsigned long section = pfn_to_section_nr(pfn);
	struct pgtag_leaf **leaves = READ_ONCE(pgtag_leaves);
	struct pgtag_leaf *leaf;
	void *piece;

	if (!leaves)
		return NULL;
	leaf = READ_ONCE(leaves[section >> PGTAG_LEAF_BITS]);
	if (!leaf)
		return NULL;
	piece = READ_ONCE(leaf->piece[section % (1 << PGTAG_LEAF_BITS)]);
	return piece ? piece + pfn % PAGES_PER_SECTION * entry_size : NULL;
}

static u32 get(struct page *page)
{
	u32 index = CODETAG_ID_NULL;
	const void *entry;

	rcu_read_lock();
	entry = entry_of(page);
	if (entry)
		index = entry_size == sizeof(u16) ?
			READ_ONCE(*(const u16 *)entry) :
			READ_ONCE(*(const u32 *)entry);
	rcu_read_unlock();
	return index;
}

static void clear(struct page *page)
{
	void *entry;

	rcu_read_lock();
	entry = entry_of(page);
	if (entry)
		memset(entry, 0, entry_size);
	rcu_read_unlock();
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
	.mark = mark_narrow,
	.claim = claim_narrow,
	.release = release,
	.online = online,
	.offline = offline,
	.get = get,
	.clear = clear,
	.show = show,
};

const struct pgtag_storage pgtag_storage_wide_table = {
	.name = "table",
	.events = &pgtag_events_wide_table,
	.indices = indices_wide,
	.mark = mark_wide,
	.claim = claim_wide,
	.release = release,
	.online = online,
	.offline = offline,
	.get = get,
	.clear = clear,
	.show = show,
};
