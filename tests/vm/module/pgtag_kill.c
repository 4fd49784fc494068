// SPDX-License-Identifier: GPL-2.0
/*
 * Let ftrace die, as it does when it finds that something is wrong with itself. The
 * module does its work at load and then refuses to stay.
 */
#include <linux/kprobes.h>
#include <linux/module.h>

#include "compat.h"

/* A kernel with CFI has no type for a function that nobody calls by a pointer. */
static noinline __nocfi void call(void (*function)(void))
{
	function();
}
ANNOTATE_NOCFI_SYM(call);

static int __init pgtag_kill_init(void)
{
	struct kprobe probe = {
		.symbol_name = "ftrace_kill",
		.flags = KPROBE_FLAG_DISABLED,
	};
	void *ftrace_die;
	int err;

	err = register_kprobe(&probe);
	if (err)
		return err;
	ftrace_die = probe.addr;
	unregister_kprobe(&probe);
	call(ftrace_die);
	return -EAGAIN;
}
module_init(pgtag_kill_init);

MODULE_DESCRIPTION("Lets ftrace die");
MODULE_LICENSE("GPL");
