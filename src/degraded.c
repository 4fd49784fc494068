// SPDX-License-Identifier: GPL-2.0
/*
 * What is not as it could be: one word each, for programs, and for a person what is
 * so and what to do about it. What somebody asked for is listed only if it takes
 * away from what is accounted, or from how fast that is.
 */
#include <linux/kernel.h>
#include <linux/security.h>
#include <linux/seq_file.h>
#include <linux/string_helpers.h>

#include <pgtag/degraded.h>
#include <pgtag/hooks.h>
#include <pgtag/memreport.h>
#include <pgtag/profile.h>
#include <pgtag/stats.h>
#include <pgtag/stay.h>
#include <pgtag/tags.h>

/* How the lines for a person begin: what is so, then what helps. */
#define SO	"#   "
#define DO	"#   What to do: "

static bool ftrace_died(bool any_tags)
{
	return pgtag_stays();
}

static void tell_ftrace(struct seq_file *m)
{
	seq_puts(m, SO "ftrace has died, and calls hooks of this module for ever: its code stays, and once profiling has ended, it is off for good\n"
		    DO "reboot\n");
}

static bool disabled(bool any_tags)
{
	return pgtag_profile_disabled();
}

static void tell_disabled(struct seq_file *m)
{
	seq_puts(m, SO "there were more call sites than tags, so profiling has ended\n"
		    DO "load the module again, with overflow=share, more bits or a smaller depth\n");
}

static bool off(bool any_tags)
{
	/* Two others that also mean that it is off, and that it cannot be turned on. */
	return !pgtag_profile_on() && !pgtag_profile_disabled() && !pgtag_stays();
}

static void tell_off(struct seq_file *m)
{
	bool has_sysctl = !IS_ENABLED(CONFIG_MEM_ALLOC_PROFILING) && !pgtag_profile_never();

	seq_puts(m, SO "what is allocated gets no tag\n");
	seq_printf(m, DO "%s\n", has_sysctl ? "sysctl vm.mem_profiling=1" :
			 "load the module again, with mem_profiling=1");
}

static bool is_uncompressed(bool any_tags)
{
	const char *why, *remedy;

	return any_tags && pgtag_profile_uncompressed(&why, &remedy);
}

static void tell_uncompressed(struct seq_file *m)
{
	const char *why, *remedy;

	pgtag_profile_uncompressed(&why, &remedy);
	seq_printf(m, SO "tags are in a table, which takes memory; found when profiling was turned on: %s\n"
		      DO "%s\n", why, remedy);
}

static bool by_functions(bool any_tags)
{
	return any_tags && pgtag_profile_by_functions();
}

static void tell_functions(struct seq_file *m)
{
	seq_puts(m, SO "attach=functions: each allocation asks the unwinder, which is slow; no sample is compared\n"
		    DO "load the module again, with attach=events\n");
}

static s64 shared_bytes(void)
{
	u32 pages = pgtag_tags_shared(PGTAG_STATE_PAGES);
	u32 objects = pgtag_tags_shared(PGTAG_STATE_OBJECTS);

	return (pages ? pgtag_tag_sum(pages).bytes : 0) +
	       (objects ? pgtag_tag_sum(objects).bytes : 0);
}

static bool is_shared(bool any_tags)
{
	return any_tags && shared_bytes() > 0;
}

static void tell_shared(struct seq_file *m)
{
	char bytes[16];

	string_get_size(max(shared_bytes(), 0LL), 1, STRING_UNITS_2, bytes, sizeof(bytes));
	seq_printf(m, SO "there are more call sites than tags: <overflow> stands for the late ones, and owns %s\n"
		      DO "load the module again, with more bits or a smaller depth\n", bytes);
}

static bool hooks_are_missing(bool any_tags)
{
	size_t next = 0;

	return pgtag_hooks_lost(&next);
}

static void tell_hooks(struct seq_file *m)
{
	const char *lost;
	size_t next = 0;

	while ((lost = pgtag_hooks_lost(&next)))
		seq_printf(m, SO "%s\n", lost);
	seq_puts(m, DO "the log says which functions could not be hooked, and why; load the module again without that\n");
}

static bool calls_were_missed(bool any_tags)
{
	return pgtag_hooks_missed();
}

static void tell_missed(struct seq_file *m)
{
	seq_printf(m, SO "%lu calls of hooked functions went unseen, and what they allocated has no tag\n"
		      DO "nothing; it counts again what comes after\n", pgtag_hooks_missed());
}

static bool report_is_missing(bool any_tags)
{
	return pgtag_memreport_missing();
}

static void tell_report(struct seq_file *m)
{
	seq_puts(m, SO "the kernel's memory reports do without call sites\n"
		    DO "the log says why; load the module again without that\n");
}

static bool any_objects_dropped(bool any_tags)
{
	return any_tags && pgtag_stat_sum(PGTAG_STAT_DROPPED_OBJECT);
}

static void tell_objects_dropped(struct seq_file *m)
{
	seq_printf(m, SO "%lu objects found no room for their tag: they came faster than a thread of the kernel could make some\n"
		      DO "nothing; there is more room by now\n",
		   pgtag_stat_sum(PGTAG_STAT_DROPPED_OBJECT));
}

/* Those before the end, when it ran out of tags, are not worth a word. */
static bool any_dropped(bool any_tags)
{
	return any_tags && pgtag_stat_sum(PGTAG_STAT_DROPPED);
}

static void tell_dropped(struct seq_file *m)
{
	seq_printf(m, SO "%lu allocations found no tag: more new call sites at a time than there were tags in stock, or one in an NMI\n"
		      DO "nothing; the same sites have tags by now\n",
		   pgtag_stat_sum(PGTAG_STAT_DROPPED));
}

static bool any_wrong(bool any_tags)
{
	return pgtag_stat_sum(PGTAG_STAT_WRONG);
}

static void tell_wrong(struct seq_file *m)
{
	seq_printf(m, SO "%lu of %lu allocations that were compared belong to another site than it seemed: a bug\n"
		      DO "report it; load the module again, with attach=functions, which trusts the unwinder alone\n",
		   pgtag_stat_sum(PGTAG_STAT_WRONG), pgtag_stat_sum(PGTAG_STAT_CHECKED));
}

/*
 * The kernel logs each time that it says yes. It never takes that back, so it is not
 * asked again.
 */
static bool is_locked(bool any_tags)
{
	static bool locked;

	if (!READ_ONCE(locked) && security_locked_down(LOCKDOWN_DEBUGFS))
		WRITE_ONCE(locked, true);
	return READ_ONCE(locked);
}

static void tell_locked(struct seq_file *m)
{
	seq_puts(m, SO "the kernel is locked down (Secure Boot), and lets nobody open api and lines, nor write totals\n"
		    DO "boot without lockdown, if you need that; all else works\n");
}

static const struct {
	const char *word;
	bool (*is_so)(bool any_tags);
	void (*tell)(struct seq_file *m);
} table[] = {
	{ "ftrace",	   ftrace_died,	      tell_ftrace },
	{ "disabled",	   disabled,	      tell_disabled },
	{ "off",	   off,		      tell_off },
	{ "uncompressed",  is_uncompressed,   tell_uncompressed },
	{ "functions",	   by_functions,      tell_functions },
	{ "shared",	   is_shared,	      tell_shared },
	{ "hooks",	   hooks_are_missing, tell_hooks },
	{ "missed",	   calls_were_missed, tell_missed },
	{ "memory_report", report_is_missing, tell_report },
	{ "dropped",	   any_dropped,	      tell_dropped },
	{ "dropped_objects", any_objects_dropped, tell_objects_dropped },
	{ "wrong",	   any_wrong,	      tell_wrong },
	{ "lockdown",	   is_locked,	      tell_locked },
};

/**
 * pgtag_degraded_tell - tell a person what is degraded, and what to do about it
 * @m: where to
 * @any_tags: there are tags
 *
 * Context: process context, between pgtag_profile_get() and _put().
 * Return: what is, for pgtag_degraded_show().
 */
unsigned long pgtag_degraded_tell(struct seq_file *m, bool any_tags)
{
	unsigned long degraded = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		if (!table[i].is_so(any_tags))
			continue;
		degraded |= BIT(i);
		seq_printf(m, "# Degraded: %s\n", table[i].word);
		table[i].tell(m);
	}
	return degraded;
}

/**
 * pgtag_degraded_show - print what is degraded, in words for programs
 * @m: where to
 * @degraded: from pgtag_degraded_tell()
 *
 * Context: any.
 */
void pgtag_degraded_show(struct seq_file *m, unsigned long degraded)
{
	size_t i;

	seq_puts(m, "degraded:");
	for (i = 0; i < ARRAY_SIZE(table); i++) {
		if (degraded & BIT(i))
			seq_printf(m, " %s", table[i].word);
	}
	seq_puts(m, degraded ? "\n" : " no\n");
}
