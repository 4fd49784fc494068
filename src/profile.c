// SPDX-License-Identifier: GPL-2.0
/*
 * Profiling is started and stopped here, in the one order that is safe:
 * first a field that is ours, then tags to put there, then the hooks that do
 * it. Every step that fails takes back the ones before it.
 */
#include <linux/errno.h>

#include <pgtag/caller.h>
#include <pgtag/guard.h>
#include <pgtag/hooks.h>
#include <pgtag/modules.h>
#include <pgtag/profile.h>
#include <pgtag/storage.h>
#include <pgtag/tags.h>

static bool running;

static int find_storage(void)
{
	bool balancing;
	int ret = pgtag_balancing_on(&balancing);

	return ret ? ret : pgtag_storage_find(balancing);
}

static int start_hooks(void)
{
	int ret = pgtag_modules_watch();

	if (ret)
		return ret;
	ret = pgtag_hooks_attach();
	if (ret)
		pgtag_modules_unwatch();
	return ret;
}

static int start_field(void)
{
	int ret = pgtag_guard_up();

	if (ret)
		return ret;
	ret = pgtag_storage_claim();
	if (!ret)
		ret = start_hooks();
	if (ret) {
		/* Hooks that failed half-way may have tagged pages. */
		pgtag_storage_release();
		pgtag_guard_down();
	}
	return ret;
}

static int start_tags(void)
{
	int ret = pgtag_tags_init(&pgtag_field);

	if (ret)
		return ret;
	ret = pgtag_caller_init();
	if (!ret) {
		ret = start_field();
		if (ret)
			pgtag_caller_exit();
	}
	if (ret)
		pgtag_tags_exit();
	return ret;
}

/**
 * pgtag_profile_start - begin to tag pages
 *
 * Context: process context, may sleep.
 * Return: 0; -EBUSY or -ENOSPC if there is no field to be had; another error.
 * All have been explained in the log, and nothing is left behind.
 */
int pgtag_profile_start(void)
{
	int ret = find_storage();

	if (!ret)
		ret = start_tags();
	running = !ret;
	return ret;
}

/**
 * pgtag_profile_stop - end it, and leave no trace
 *
 * Context: process context, may sleep. Nobody reads tags any more.
 */
void pgtag_profile_stop(void)
{
	if (!running)
		return;
	running = false;
	pgtag_hooks_detach();
	pgtag_modules_unwatch();
	pgtag_storage_release();
	pgtag_guard_down();
	pgtag_caller_exit();
	pgtag_tags_exit();
}

/**
 * pgtag_profile_running - are pages being tagged?
 *
 * Context: any.
 */
bool pgtag_profile_running(void)
{
	return running;
}
