// SPDX-License-Identifier: GPL-2.0
/*
 * Profiling is started and stopped here, in the one order that is safe:
 * first a place for the indices that is ours, then tags to put there, then
 * the hooks that do it. Every step that fails takes back the ones before it.
 *
 * Turned off at run time, nothing is tagged any more, but the hooks that
 * follow tagged pages stay until the last of those is gone, so that the
 * numbers remain true. Then everything is stopped. What takes long to take
 * away goes a moment later, lest somebody turn it on again.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/workqueue.h>

#include <pgtag/api.h>
#include <pgtag/caller.h>
#include <pgtag/guard.h>
#include <pgtag/hooks.h>
#include <pgtag/hotplug.h>
#include <pgtag/inventory.h>
#include <pgtag/modules.h>
#include <pgtag/objects.h>
#include <pgtag/profile.h>
#include <pgtag/stay.h>
#include <pgtag/storage.h>
#include <pgtag/work.h>
#include <pgtag/tags.h>

/* How often to look whether the last tagged page is gone. */
#define DRAIN_INTERVAL	HZ

static enum state {
	STOPPED,
	RUNNING,
	DRAINING,	/* turned off, tagged pages are left */
	DISABLED,	/* ran out of indices, stays off */
} state;

static DEFINE_MUTEX(lock);		/* changes of state */
static DECLARE_RWSEM(readers);		/* who reads tags, against who stops */

static struct pgtag_mode mode;
static void (*on_full)(void);
static const struct pgtag_storage *storage;	/* while not stopped, see publish() */
static const char *uncompressed;	/* why indices are in a table */
static const char *remedy;		/* what it takes to have them in page->flags */

/* How many indices there is a use for. */
static unsigned long wanted_indices(void)
{
	unsigned long most = mode.depth > 1 ? PGTAG_MAX_PATHS : PGTAG_MAX_TAGS;

	most += CODETAG_ID_FIRST;
	/* One of the bits is the mark. */
	return mode.bits ? min(most, 1UL << (mode.bits - 1)) : most;
}

static u32 most_tags(const struct pgtag_storage *used)
{
	return min(wanted_indices(), used->indices()) - CODETAG_ID_FIRST;
}

/*
 * Readers come at any time. What they find leads to all that is behind it, so
 * it is published when everything is there, and withdrawn before any of it
 * goes. Those that may sleep hold the semaphore, but not for as long as it takes
 * to stop: then there is nothing to read. For the others see
 * pgtag_profile_has_tags().
 */
static void publish(const struct pgtag_storage *used)
{
	/* Pairs with the acquire of whoever reads it. */
	smp_store_release(&storage, used);
}

static void withdraw(void)
{
	/* Long readers see this and leave. */
	WRITE_ONCE(storage, NULL);
	down_write(&readers);
	up_write(&readers);
	synchronize_rcu();
}

static const struct pgtag_storage *published(void)
{
	/* Pairs with the release in publish(). */
	return smp_load_acquire(&storage);
}

static enum pgtag_hook_group allocations(void)
{
	return mode.attach == PGTAG_ATTACH_FUNCTIONS ? PGTAG_HOOKS_FUNCTIONS :
						       PGTAG_HOOKS_EVENTS;
}

static int begin_tagging(const struct pgtag_storage *used)
{
	int ret = pgtag_hooks_attach(PGTAG_HOOKS_RANGES, used->events);

	if (ret)
		return ret;
	/* As late as can be: attaching allocates, too. */
	if (state == STOPPED)
		ret = pgtag_inventory_take();
	if (!ret)
		ret = pgtag_objects_begin();
	if (!ret)
		ret = pgtag_hooks_attach(allocations(), used->events);
	if (ret) {
		pgtag_objects_end();
		pgtag_hooks_detach(PGTAG_HOOKS_RANGES);
	}
	return ret;
}

static void pause_tagging(void)
{
	pgtag_hooks_pause(allocations());
	pgtag_objects_pause();
	pgtag_hooks_pause(PGTAG_HOOKS_RANGES);
}

static void end_tagging(void)
{
	pgtag_hooks_detach(allocations());
	pgtag_objects_end();
	pgtag_hooks_detach(PGTAG_HOOKS_RANGES);
}

static int start_hooks(const struct pgtag_storage *used)
{
	int ret = pgtag_modules_watch(on_full);

	if (ret)
		return ret;
	ret = pgtag_hooks_attach(PGTAG_HOOKS_FOLLOW, used->events);
	if (!ret) {
		ret = begin_tagging(used);
		if (ret)
			pgtag_hooks_detach(PGTAG_HOOKS_FOLLOW);
	}
	if (ret)
		pgtag_modules_unwatch();
	return ret;
}

static int claim_storage(const struct pgtag_storage *used)
{
	int ret = pgtag_hotplug_watch(used);

	if (ret)
		return ret;
	ret = used->claim();
	if (!ret) {
		ret = start_hooks(used);
		/* Hooks that failed half-way may have tagged pages. */
		if (ret)
			used->release();
	}
	if (ret)
		pgtag_hotplug_unwatch();
	return ret;
}

static int start_storage(const struct pgtag_storage *used)
{
	bool borrowed = used == &pgtag_storage_flags &&
			pgtag_field_borrowed(&pgtag_field);
	int ret = borrowed ? pgtag_guard_up() : 0;

	if (ret)
		return ret;
	ret = claim_storage(used);
	if (ret)
		pgtag_guard_down();
	return ret;
}

static int start_objects(const struct pgtag_storage *used)
{
	int ret = 0;

	if (mode.slab == PGTAG_SLAB_OBJECTS)
		ret = pgtag_objects_start(CODETAG_ID_FIRST + most_tags(used));
	if (ret)
		return ret;
	ret = start_storage(used);
	if (ret)
		pgtag_objects_stop();
	return ret;
}

static int start_tags(const struct pgtag_storage *used)
{
	u32 states = mode.slab == PGTAG_SLAB_OBJECTS ? PGTAG_STATES : 1;
	int ret = pgtag_tags_init(most_tags(used), states, &mode, on_full);

	if (ret)
		return ret;
	ret = pgtag_caller_init(mode.depth);
	if (!ret) {
		ret = start_objects(used);
		if (ret)
			pgtag_caller_exit();
	}
	if (ret)
		pgtag_tags_exit();
	return ret;
}

static int start_in(const struct pgtag_storage *used)
{
	int ret = start_tags(used);

	if (!ret)
		publish(used);
	return ret;
}

static int start_in_table(void)
{
	bool narrow = wanted_indices() <= pgtag_storage_table.indices();

	return start_in(narrow ? &pgtag_storage_table :
				 &pgtag_storage_wide_table);
}

static int start_in_flags(void)
{
	bool balancing;
	int ret = pgtag_balancing_on(&balancing);

	/* What is said if it fails; the log has said what stands in the way. */
	uncompressed = "the field of page->flags could not be had";
	remedy = "the log says what stands in the way; load the module again without it";
	if (ret)
		return ret;
	ret = pgtag_field_find(mode.field, balancing, mode.bits);
	if (!ret)
		return start_in(&pgtag_storage_flags);
	uncompressed = pgtag_field_missing(ret, mode.field);
	remedy = pgtag_field_remedy(ret);
	if (mode.store == PGTAG_FLAGS)
		pr_err("%s; %s\n", uncompressed, remedy);
	return ret;
}

static int start(void)
{
	int ret;

	if (mode.store == PGTAG_TABLE) {
		uncompressed = "as asked for";
		remedy = NULL;
		return start_in_table();
	}
	ret = start_in_flags();
	if (ret && mode.store == PGTAG_AUTO)
		ret = start_in_table();
	return ret;
}

static void stop(enum state next)
{
	const struct pgtag_storage *used = storage;

	withdraw();
	end_tagging();
	pgtag_hooks_detach(PGTAG_HOOKS_FOLLOW);
	pgtag_modules_unwatch();
	state = next;
	used->release();
	pgtag_hotplug_unwatch();
	pgtag_guard_down();
	pgtag_objects_stop();
	pgtag_caller_exit();
	pgtag_tags_exit();
}

static void drain(struct work_struct *work);
static DECLARE_DELAYED_WORK(drainer, drain);

static void drain(struct work_struct *work)
{
	mutex_lock(&lock);
	if (state == DRAINING) {
		end_tagging();
		if (!pgtag_tags_any())
			stop(STOPPED);
		else
			pgtag_work_later(&drainer, DRAIN_INTERVAL);
	}
	mutex_unlock(&lock);
}

static int turn_on(void)
{
	int ret = 0;

	switch (state) {
	case RUNNING:
		return 0;
	case DISABLED:
		pr_info("profiling ran out of indices and stays off; load the module again with overflow=share or more bits\n");
		return -EPERM;
	case DRAINING:
		ret = begin_tagging(storage);
		break;
	case STOPPED:
		/* Hooks that could not be taken away must not be touched again. */
		if (pgtag_stays()) {
			pr_info("profiling ended when ftrace had died and stays off until the next boot\n");
			return -ENODEV;
		}
		ret = start();
	}
	if (!ret)
		state = RUNNING;
	return ret;
}

static void turn_off(void)
{
	if (state != RUNNING)
		return;
	pause_tagging();
	state = DRAINING;
	pgtag_work_later(&drainer, DRAIN_INTERVAL);
}

/**
 * pgtag_profile_turn - turn profiling on or off
 * @on: on
 *
 * Context: process context, may sleep.
 * Return: 0; -EBUSY or -ENOSPC if indices must be in page->flags and cannot;
 * -EPERM if profiling was disabled for good; -ENODEV if it ended when ftrace had
 * died; -EINTR; another error. All have been explained in the log, and nothing has
 * changed.
 */
int pgtag_profile_turn(bool on)
{
	int ret = mutex_lock_interruptible(&lock);

	if (ret)
		return ret;
	if (mode.state == PGTAG_NEVER)
		ret = on ? -EPERM : 0;
	else if (on)
		ret = turn_on();
	else
		turn_off();
	mutex_unlock(&lock);
	return ret;
}

/* Bits of an index, one of which is the mark. */
static unsigned int bits_in_use(void)
{
	return min_not_zero(mode.bits, (unsigned int)fls(storage->mark()));
}

/**
 * pgtag_profile_disable - end profiling, for it ran out of indices
 *
 * Unless it was turned off in the meantime: then nothing new gets a tag.
 *
 * Context: process context, may sleep.
 * Return: true if it was ended.
 */
bool pgtag_profile_disable(void)
{
	bool on;

	mutex_lock(&lock);
	on = state == RUNNING;
	if (on) {
		pr_warn("%u of %u tags are in use (storage=%s bits=%u): memory allocation profiling is disabled\n",
			pgtag_tags_used(), pgtag_tags_capacity(),
			storage->name, bits_in_use());
		stop(DISABLED);
	}
	mutex_unlock(&lock);
	return on;
}

/**
 * pgtag_profile_init - keep what the user asked for, and begin with it
 * @asked: the parameters
 * @full: called in any context when the indices run out; must see to it that
 *	pgtag_profile_disable() is called
 *
 * Context: process context, may sleep.
 * Return: as pgtag_profile_turn().
 */
int pgtag_profile_init(const struct pgtag_mode *asked, void (*full)(void))
{
	mode = *asked;
	on_full = full;
	pgtag_api_init(mode.slab == PGTAG_SLAB_CALLERS);
	return mode.state == PGTAG_ON ? pgtag_profile_turn(true) : 0;
}

/**
 * pgtag_profile_exit - end it, and leave no trace
 *
 * Context: process context, may sleep. Nobody turns it on any more.
 */
void pgtag_profile_exit(void)
{
	cancel_delayed_work_sync(&drainer);
	mutex_lock(&lock);
	if (storage)
		stop(STOPPED);
	mutex_unlock(&lock);
}

/**
 * pgtag_profile_relearn - functions joined the allocator API, or left it
 * @names: the functions
 *
 * Context: process context, may sleep. When this returns, no learner uses
 * what was said of the functions before.
 */
void pgtag_profile_relearn(const struct pgtag_names *names)
{
	mutex_lock(&lock);
	if (storage) {
		pgtag_caller_relearn(names);
		pgtag_tags_changed();
	}
	mutex_unlock(&lock);
}

/**
 * pgtag_profile_on - are pages being tagged?
 *
 * Context: any.
 */
bool pgtag_profile_on(void)
{
	return READ_ONCE(state) == RUNNING;
}

/**
 * pgtag_profile_state - the state in a word
 *
 * Context: any.
 */
const char *pgtag_profile_state(void)
{
	switch (READ_ONCE(state)) {
	case RUNNING:
		return "on";
	case DRAINING:
		return "off, tagged pages are left";
	case DISABLED:
		return "disabled, out of indices";
	default:
		return mode.state == PGTAG_NEVER ? "never" : "off";
	}
}

/**
 * pgtag_profile_compressed - are indices kept in page->flags?
 *
 * Context: any.
 */
bool pgtag_profile_compressed(void)
{
	return published() == &pgtag_storage_flags;
}

/**
 * pgtag_profile_uncompressed - could indices not be kept in page->flags?
 * @why: the reason
 * @what: what it takes
 *
 * Context: process context; there are tags.
 * Return: true if they are in a table, and nobody asked for that.
 */
bool pgtag_profile_uncompressed(const char **why, const char **what)
{
	*why = uncompressed;
	*what = remedy;
	return !pgtag_profile_compressed() && remedy;
}

/**
 * pgtag_profile_by_functions - are allocations seen by functions and the unwinder?
 *
 * Context: any.
 */
bool pgtag_profile_by_functions(void)
{
	return mode.attach == PGTAG_ATTACH_FUNCTIONS;
}

/**
 * pgtag_profile_disabled - did it run out of indices?
 *
 * Context: any.
 */
bool pgtag_profile_disabled(void)
{
	return READ_ONCE(state) == DISABLED;
}

/**
 * pgtag_profile_never - was it turned off for good?
 *
 * Context: any.
 */
bool pgtag_profile_never(void)
{
	return mode.state == PGTAG_NEVER;
}

/**
 * pgtag_profile_depth - frames of a call path
 *
 * Context: any.
 */
unsigned int pgtag_profile_depth(void)
{
	return mode.depth;
}

/**
 * pgtag_profile_slab - whose the pages of slabs are, in a word
 *
 * Context: any.
 */
const char *pgtag_profile_slab(void)
{
	return pgtag_slab_name(mode.slab);
}

/**
 * pgtag_profile_announce - say in the log, in one line, what the state is
 *
 * Context: process context.
 */
void pgtag_profile_announce(void)
{
	if (state != RUNNING)
		pr_info("memory allocation profiling is turned off%s\n",
			mode.state == PGTAG_NEVER ? " for good" : "");
	else if (pgtag_profile_compressed())
		pr_info("memory allocation profiling is enabled with compression (%u bits of page->flags, %s) and is turned on\n",
			pgtag_field.width, pgtag_part_name(pgtag_field.part));
	else
		pr_info("memory allocation profiling is enabled without compression (%s%s%s) and is turned on\n",
			uncompressed, remedy ? "; " : "", remedy ?: "");
}

/**
 * pgtag_profile_get - begin to read tags
 *
 * Context: process context, may sleep. pgtag_profile_put() must follow.
 * Return: the storage, or NULL if there are no tags.
 */
const struct pgtag_storage *pgtag_profile_get(void)
{
	down_read(&readers);
	return published();
}

/**
 * pgtag_profile_has_tags - are there tags to read?
 *
 * For readers that may not sleep; for as long as they are in the RCU section
 * in which they ask.
 *
 * Context: any, in an RCU read-side section.
 */
bool pgtag_profile_has_tags(void)
{
	return published();
}

/**
 * pgtag_profile_put - done with reading tags
 */
void pgtag_profile_put(void)
{
	up_read(&readers);
}
