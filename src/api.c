// SPDX-License-Identifier: GPL-2.0
/*
 * The allocator API as it stands: the built-in names, the slab allocator's if that
 * was asked for, and those a user added.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <pgtag/api.h>
#include <pgtag/names.h>

/*
 * Learners read this in any context and without a lock: a name is complete
 * before it is used, and whoever takes one away lets them all leave before
 * another may take its place.
 */
static struct added {
	char name[PGTAG_API_NAME];
	bool used;
} added[PGTAG_API_ADDED];

/* Said once, before any learner asks. */
static bool slab_is_api;

static struct added *find(const char *symbol)
{
	size_t length = pgtag_name_length(symbol);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(added); i++) {
		/* Pairs with the release in add(): the name is complete. */
		if (!smp_load_acquire(&added[i].used))
			continue;
		if (!strncmp(added[i].name, symbol, length) &&
		    !added[i].name[length])
			return &added[i];
	}
	return NULL;
}

/**
 * pgtag_api_has - is a function part of the allocator API?
 * @symbol: as kallsyms prints it
 *
 * Context: any.
 */
bool pgtag_api_has(const char *symbol)
{
	return pgtag_name_is_api(symbol) ||
	       (slab_is_api && pgtag_name_is_slab(symbol)) || find(symbol);
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
 * pgtag_api_add - make a function part of the allocator API
 * @name: the function, with or without its compiler's suffix
 *
 * Context: process context; callers are serialized.
 * Return: 0, -EEXIST if it is already, -ENOSPC.
 */
int pgtag_api_add(const char *name)
{
	size_t i;

	if (pgtag_api_has(name))
		return -EEXIST;
	for (i = 0; i < ARRAY_SIZE(added) && added[i].used; i++)
		;
	if (i == ARRAY_SIZE(added))
		return -ENOSPC;
	strscpy(added[i].name, name, PGTAG_API_NAME);
	added[i].name[pgtag_name_length(added[i].name)] = '\0';
	/* Whoever sees it in use sees its name. */
	smp_store_release(&added[i].used, true);
	return 0;
}

/**
 * pgtag_api_remove - take back what pgtag_api_add() did
 * @name: the function
 *
 * Context: process context; callers are serialized, and see to it that no
 * learner is left that saw the name before the next one is added.
 * Return: 0, or -ENOENT if it was not added.
 */
int pgtag_api_remove(const char *name)
{
	struct added *entry = find(name);

	if (!entry)
		return -ENOENT;
	WRITE_ONCE(entry->used, false);
	return 0;
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
	return added[i].used ? added[i].name : NULL;
}
