// SPDX-License-Identifier: GPL-2.0
/*
 * Keeps a task asleep in the middle of an allocation: memory is short, the task
 * reclaims some by itself, asks all shrinkers, and the one here does not answer as
 * long as the parameter "stall" is set.
 */
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/wait_bit.h>

#include "compat.h"
#include "stall.h"

static bool stall;

static int set_stall(const char *text, const struct kernel_param *param)
{
	int ret = param_set_bool(text, param);

	wake_up_var(&stall);
	return ret;
}

static const struct kernel_param_ops stall_ops = {
	.set = set_stall,
	.get = param_get_bool,
};

module_param_cb(stall, &stall_ops, &stall, 0644);
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
	WRITE_ONCE(stalled, READ_ONCE(stall));
	wait_var_event(&stall, !READ_ONCE(stall));
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
