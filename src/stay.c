// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel will not let go of this module's code.
 *
 * When ftrace finds that something is wrong with itself it dies (ftrace_kill()):
 * it patches no function any more, so what is attached to one remains attached, and
 * unregistering fails. What is called then does nothing and needs no data of ours
 * but the hooks themselves; the code it is in must never be freed.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>

#include <pgtag/stay.h>

static bool stays;

/**
 * pgtag_stay - a hook cannot be taken away: keep the code
 * @function: what it is attached to
 * @error: why it cannot
 *
 * From here on the module cannot be unloaded. If it is being unloaded already,
 * pgtag_stay_for_ever() is what is left.
 *
 * Context: process context.
 */
void pgtag_stay(const char *function, int error)
{
	pr_crit("cannot detach from %s, error %d%s\n", function, error,
		stays ? "" : ": the code of this module has to stay until the next boot");
	if (stays)
		return;
	stays = true;
	__module_get(THIS_MODULE);
}

/**
 * pgtag_stays - does the code have to stay?
 *
 * Context: process context.
 */
bool pgtag_stays(void)
{
	return READ_ONCE(stays);
}

/**
 * pgtag_stay_for_ever - the last thing at unload: return only if the code may go
 *
 * The task sleeps as an idle one does, so it is no load, does not count as hung, and
 * the machine can be suspended and rebooted.
 *
 * Context: process context, may sleep.
 */
void pgtag_stay_for_ever(void)
{
	while (pgtag_stays()) {
		set_current_state(TASK_IDLE | TASK_FREEZABLE);
		schedule();
	}
}
