// SPDX-License-Identifier: GPL-2.0
/*
 * Slab objects and per-CPU allocations are tagged, too, if that was asked for: first
 * there is room for their indices, then come the hooks that follow them, then those that
 * tag them. profile.c says when.
 */
#include <linux/seq_file.h>

#include <pgtag/cells.h>
#include <pgtag/hooks.h>
#include <pgtag/object_events.h>
#include <pgtag/objects.h>
#include <pgtag/percpu_map.h>
#include <pgtag/stats.h>
#include <pgtag/stock.h>
#include <shim/slab.h>

/* While started. */
static const struct pgtag_object_events *events;

static int make_room(size_t cell)
{
	int ret;

	pgtag_stocks_init();
	ret = pgtag_cells_init(cell);
	return ret ? ret : pgtag_percpu_map_init();
}

static void give_room_back(void)
{
	pgtag_cells_exit();
	pgtag_percpu_map_exit();
	pgtag_stocks_remove();
}

/**
 * pgtag_objects_start - make ready to tag objects
 * @end: one past the last index there may be
 *
 * Context: process context, may sleep.
 * Return: 0, or a negative error, and nothing is left.
 */
int pgtag_objects_start(u32 end)
{
	const struct pgtag_object_events *used;
	int ret = pgtag_slab_learn();

	if (ret)
		return ret;
	used = end > 1U << 16 ? &pgtag_events_wide_objects : &pgtag_events_objects;
	ret = make_room(used->cell);
	if (!ret)
		ret = pgtag_hooks_attach(PGTAG_HOOKS_HELD, used);
	if (ret)
		give_room_back();
	else
		events = used;
	return ret;
}

/**
 * pgtag_objects_stop - forget all objects
 *
 * Context: process context, may sleep. pgtag_objects_end() was called, and nobody looks
 * at cells.
 */
void pgtag_objects_stop(void)
{
	if (!events)
		return;
	pgtag_hooks_detach(PGTAG_HOOKS_HELD);
	give_room_back();
	events = NULL;
}

/**
 * pgtag_objects_begin - tag objects from now on, if that was asked for
 *
 * Context: process context, may sleep.
 * Return: 0, or a negative error, explained in the log.
 */
int pgtag_objects_begin(void)
{
	return events ? pgtag_hooks_attach(PGTAG_HOOKS_OBJECTS, events) : 0;
}

/**
 * pgtag_objects_pause - tag no more objects for a while
 *
 * Context: process context, may sleep.
 */
void pgtag_objects_pause(void)
{
	pgtag_hooks_pause(PGTAG_HOOKS_OBJECTS);
}

/**
 * pgtag_objects_end - tag no more objects
 *
 * Context: process context, may sleep.
 */
void pgtag_objects_end(void)
{
	pgtag_hooks_detach(PGTAG_HOOKS_OBJECTS);
}

/**
 * pgtag_objects_on - are there objects with tags?
 *
 * Context: process context, between pgtag_profile_get() and pgtag_profile_put().
 */
bool pgtag_objects_on(void)
{
	return events;
}

/**
 * pgtag_objects_show - print what became of them
 * @m: where to
 *
 * Context: process context, between pgtag_profile_get() and pgtag_profile_put().
 */
void pgtag_objects_show(struct seq_file *m)
{
	if (!events)
		return;
	seq_printf(m, "cells: %zu bytes each, %zu bytes, %zu of them in stock\n",
		   events->cell,
		   pgtag_cells_memory() + pgtag_percpu_map_memory() +
		   pgtag_stocks_memory(), pgtag_stocks_spare());
	seq_printf(m, "dropped objects: %lu\n", pgtag_stat_sum(PGTAG_STAT_DROPPED_OBJECT));
	seq_printf(m, "stale objects: %lu\n", pgtag_stat_sum(PGTAG_STAT_STALE_OBJECT));
}
