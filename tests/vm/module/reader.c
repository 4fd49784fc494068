// SPDX-License-Identifier: GPL-2.0
/*
 * Stays in a section of RCU for as many milliseconds as are written to the parameter
 * "reader": whoever waits for readers waits so long.
 */
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/processor.h>
#include <linux/rcupdate.h>

/* Less than what the kernel complains of. */
#define MOST	15000

static unsigned int reader;

static int set_reader(const char *text, const struct kernel_param *param)
{
	int ret = param_set_uint_minmax(text, param, 0, MOST);
	unsigned long end = jiffies + (ret ? 0 : msecs_to_jiffies(reader));

	rcu_read_lock();
	while (time_before(jiffies, end))
		cpu_relax();
	rcu_read_unlock();
	return ret;
}

static const struct kernel_param_ops reader_ops = {
	.set = set_reader,
	.get = param_get_uint,
};

module_param_cb(reader, &reader_ops, &reader, 0644);
MODULE_PARM_DESC(reader, "readers of RCU stay for so many milliseconds from now");
