// SPDX-License-Identifier: GPL-2.0
/*
 * Keeps a task asleep in the middle of an allocation: memory is short, the task
 * reclaims some by itself, asks all shrinkers, and the one here does not answer as
 * long as the parameter "stall" is set.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/sched.h>

#include "compat.h"
#include "stall.h"

static bool stall;
module_param(stall, bool, 0644);
MODULE_PARM_DESC(stall, "who allocates here and must reclaim memory for it sleeps");

static bool stalled;
module_param(stalled, bool, 0444);
MODULE_PARM_DESC(stalled, "somebody does");

static struct task_struct *victim;	/* the only one that is kept */
static struct shrinker *shrinker;

static unsigned long count_objects(struct shrinker *s,
				   struct shrink_control *control)
{
	if (current != READ_ONCE(victim))
		return SHRINK_EMPTY;
	while (READ_ONCE(stall)) {
		WRITE_ONCE(stalled, true);
		msleep(20);
	}
	WRITE_ONCE(stalled, false);
	return SHRINK_EMPTY;
}

static unsigned long scan_objects(struct shrinker *s,
				  struct shrink_control *control)
{
	return SHRINK_STOP;
}

/**
 * stall_victim() - name the task that may be kept
 * @task: the task, or NULL: nobody
 */
void stall_victim(struct task_struct *task)
{
	WRITE_ONCE(victim, task);
}

/**
 * init_stall() - have memory reclaim ask here
 *
 * Return: 0 or an errno.
 */
int init_stall(void)
{
	return add_shrinker(&shrinker, count_objects, scan_objects);
}

/**
 * exit_stall() - counterpart of init_stall()
 */
void exit_stall(void)
{
	remove_shrinker(shrinker);
}
