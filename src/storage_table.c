// SPDX-License-Identifier: GPL-2.0
/*
 * Indices in a table, for machines whose page->flags has no room: a piece for
 * each memory section that is online, like the kernel's page_ext but with two
 * bytes a page. Follows memory hotplug.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/memory.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/tracepoint.h>
#include <linux/vmalloc.h>

#include <pgtag/events.h>
#include <pgtag/index_table.h>
#include <pgtag/storage.h>

#define PIECE_SIZE	(PAGES_PER_SECTION * sizeof(u16))
#define NR_LEAVES	DIV_ROUND_UP(NR_MEM_SECTIONS, 1UL << PGTAG_LEAF_BITS)

struct pgtag_leaf **pgtag_leaves __read_mostly;

static unsigned long pieces;
static DEFINE_MUTEX(pieces_lock);	/* hotplug, and starting or stopping */

/* Where the pointer to a section's piece is, or NULL without a leaf. */
static u16 **piece_of(unsigned long section)
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
	u16 **piece;

	if (add_leaf(section))
		return -ENOMEM;
	piece = piece_of(section);
	if (*piece)
		return 0;
	*piece = vzalloc_node(PIECE_SIZE, nid);
	if (!*piece)
		return -ENOMEM;
	pieces++;
	return 0;
}

/* Nothing is allocated there any more; let those finish who saw the piece. */
static void remove_piece(unsigned long section)
{
	u16 **place = piece_of(section);
	u16 *piece = place ? *place : NULL;

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

	for (i = 0; i < NR_LEAVES; i++) {
		struct pgtag_leaf *leaf = pgtag_leaves[i];

		for (k = 0; leaf && k < ARRAY_SIZE(leaf->piece); k++)
			vfree(leaf->piece[k]);
		kfree(leaf);
	}
	kvfree(pgtag_leaves);
	pgtag_leaves = NULL;
	pieces = 0;
}

static int go_online(unsigned long section, unsigned long end)
{
	for (; section < end; section++) {
		if (add_piece(section, NUMA_NO_NODE))
			return -ENOMEM;
	}
	return 0;
}

static void go_offline(unsigned long section, unsigned long end)
{
	for (; section < end; section++) {
		if (!section_is_online(section))
			remove_piece(section);
	}
}

static int on_memory(struct notifier_block *block, unsigned long action,
		     void *data)
{
	struct memory_notify *range = data;
	unsigned long section = pfn_to_section_nr(range->start_pfn);
	unsigned long end = section + DIV_ROUND_UP(range->nr_pages,
						   PAGES_PER_SECTION);
	int ret = 0;

	mutex_lock(&pieces_lock);
	if (action == MEM_GOING_ONLINE)
		ret = go_online(section, end);
	if (action == MEM_OFFLINE || action == MEM_CANCEL_ONLINE)
		go_offline(section, end);
	mutex_unlock(&pieces_lock);
	return notifier_from_errno(ret);
}

static struct notifier_block watcher = { .notifier_call = on_memory };

static int add_nodes(void)
{
	int ret = 0;
	int nid;

	mutex_lock(&pieces_lock);
	for_each_online_node(nid) {
		ret = add_node(nid);
		if (ret)
			break;
	}
	mutex_unlock(&pieces_lock);
	return ret;
}

/*
 * The notifier first, so that no section comes online unseen. One that is
 * met twice, once here and once there, has its piece the second time.
 */
static int claim(void)
{
	int ret;

	pgtag_leaves = kvcalloc(NR_LEAVES, sizeof(*pgtag_leaves), GFP_KERNEL);
	if (!pgtag_leaves)
		return -ENOMEM;
	ret = register_memory_notifier(&watcher);
	if (!ret) {
		ret = add_nodes();
		if (ret)
			unregister_memory_notifier(&watcher);
	}
	if (ret) {
		pr_err("no memory for the table of indices\n");
		remove_all();
	}
	return ret;
}

static void release(void)
{
	unregister_memory_notifier(&watcher);
	remove_all();
}

static unsigned long indices(void)
{
	return 1UL << (sizeof(u16) * BITS_PER_BYTE);
}

/* For those who are no event handler: the piece may be going just now. */
static u32 get(struct page *page)
{
	unsigned long pfn = page_to_pfn(page);
	u16 **place = piece_of(pfn_to_section_nr(pfn));
	u32 index = CODETAG_ID_NULL;
	u16 *piece;

	rcu_read_lock();
	piece = place ? READ_ONCE(*place) : NULL;
	if (piece)
		index = READ_ONCE(piece[pfn % PAGES_PER_SECTION]);
	rcu_read_unlock();
	return index;
}

static void show(struct seq_file *m)
{
	seq_printf(m, "table: %lu pages of %zu bytes an index, %lu bytes\n",
		   pieces * PAGES_PER_SECTION, sizeof(u16),
		   pieces * PIECE_SIZE);
}

const struct pgtag_storage pgtag_storage_table = {
	.name = "table",
	.events = &pgtag_events_table,
	.indices = indices,
	.claim = claim,
	.release = release,
	.get = get,
	.show = show,
};
