// SPDX-License-Identifier: GPL-2.0
/*
 * The allocator API as it stands: the built-in names, the slab allocator's if that
 * was asked for, and those a user added.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <pgtag/api.h>
#include <pgtag/names.h>

struct added {
	char name[PGTAG_API_NAME];
	bool used;
};

/*
 * Learners read this in any context and without a lock: a name is complete
 * before it is used, and whoever takes one away lets them all leave before
 * another may take its place. Few users add any, so there is room for names, for
 * PGTAG_API_ADDED of them, only once the first one comes.
 */
static struct added *added;

/* Said once, before any learner asks. */
static bool slab_is_api;

static struct added *find(const char *symbol)
{
	/* Pairs with the release in make_room(): no name is used yet. */
	struct added *entry = smp_load_acquire(&added);
	size_t i;

	for (i = 0; entry && i < PGTAG_API_ADDED; i++, entry++) {
		/* Pairs with the release in add(): the name is complete. */
		if (smp_load_acquire(&entry->used) &&
		    pgtag_name_same(symbol, entry->name))
			return entry;
	}
	return NULL;
}

static bool is_built_in(const char *symbol, bool objects)
{
	if (pgtag_name_is_api(symbol))
		return true;
	if (objects)
		return pgtag_name_is_slab(symbol) || pgtag_name_is_percpu(symbol);
	return slab_is_api &&
	       (pgtag_name_is_slab(symbol) || pgtag_name_grows_slab(symbol));
}

/**
 * pgtag_api_has - is a function part of the allocator API?
 * @symbol: as kallsyms prints it
 * @objects: that of slab objects and per-CPU allocations, or that of pages
 *
 * Context: any.
 */
bool pgtag_api_has(const char *symbol, bool objects)
{
	return is_built_in(symbol, objects) || find(symbol);
}

/**
 * pgtag_api_init - say what belongs to the allocator API
 * @slab: the slab allocator too: its pages are its callers' then
 *
 * Context: before anything is hooked.
 */
void pgtag_api_init(bool slab)
{
	slab_is_api = slab;
}

/**
 * pgtag_api_exit - forget what was added
 *
 * Context: process context, may sleep. No learner is left, nor anybody who adds.
 */
void pgtag_api_exit(void)
{
	kvfree(added);
	added = NULL;
}

static int make_room(void)
{
	struct added *entries;

	if (added)
		return 0;
	entries = kvcalloc(PGTAG_API_ADDED, sizeof(*entries), GFP_KERNEL);
	if (!entries)
		return -ENOMEM;
	/* Whoever sees it sees that it is empty. */
	smp_store_release(&added, entries);
	return 0;
}

static struct added *find_free(void)
{
	size_t i;

	for (i = 0; i < PGTAG_API_ADDED; i++) {
		if (!added[i].used)
			return &added[i];
	}
	return NULL;
}

static unsigned int room(void)
{
	unsigned int nr = 0;
	size_t i;

	for (i = 0; i < PGTAG_API_ADDED; i++)
		nr += !added[i].used;
	return nr;
}

static void add(const char *name)
{
	struct added *entry = find_free();

	strscpy(entry->name, name, PGTAG_API_NAME);
	entry->name[pgtag_name_length(entry->name)] = '\0';
	/* Whoever sees it in use sees its name. */
	smp_store_release(&entry->used, true);
}

/**
 * pgtag_api_add - make functions part of the allocator API
 * @names: the functions; those that are part of it stay so
 *
 * Context: process context; callers are serialized.
 * Return: 0, -EEXIST if all are already, -ENOMEM, -ENOSPC if there is no room for all
 * others; then none was added.
 */
int pgtag_api_add(const struct pgtag_names *names)
{
	unsigned int missing = 0;
	unsigned int i;

	for (i = 0; i < names->nr; i++)
		missing += !pgtag_api_has(names->name[i], false);
	if (!missing)
		return -EEXIST;
	if (make_room())
		return -ENOMEM;
	if (missing > room())
		return -ENOSPC;
	for (i = 0; i < names->nr; i++) {
		if (!pgtag_api_has(names->name[i], false))
			add(names->name[i]);
	}
	return 0;
}

/**
 * pgtag_api_remove - take back what pgtag_api_add() did
 * @names: the functions; those that were not added stay as they are
 *
 * Context: process context; callers are serialized, and see to it that no
 * learner is left that saw the names before the next one is added.
 * Return: 0, or -ENOENT if none was added.
 */
int pgtag_api_remove(const struct pgtag_names *names)
{
	int ret = -ENOENT;
	unsigned int i;

	for (i = 0; i < names->nr; i++) {
		struct added *entry = find(names->name[i]);

		if (!entry)
			continue;
		WRITE_ONCE(entry->used, false);
		ret = 0;
	}
	return ret;
}

/**
 * pgtag_api_added - the names that were added, one by one
 * @i: from 0 to PGTAG_API_ADDED - 1
 *
 * Context: process context; callers are serialized with the ones that add and
 * remove.
 * Return: a name, or NULL where there is none.
 */
const char *pgtag_api_added(unsigned int i)
{
	return added && added[i].used ? added[i].name : NULL;
}
