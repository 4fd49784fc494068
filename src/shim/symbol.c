// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel exports no symbol lookup, but it looks a symbol up for every
 * kprobe. A probe that is registered disabled changes no code.
 */
#include <linux/kprobes.h>
#include <linux/uaccess.h>

#include "symbol.h"

/* What register_kprobe() says of a name; it notes the address before it refuses. */
static int look_up(const char *name, unsigned long *where)
{
	struct kprobe probe = {
		.symbol_name = name,
		.flags = KPROBE_FLAG_DISABLED,
	};
	int ret = register_kprobe(&probe);

	*where = (unsigned long)probe.addr;
	if (!ret)
		unregister_kprobe(&probe);
	return ret;
}

/**
 * pgtag_symbol_place - where something of the kernel is, that nobody can hook
 * @name: its name as kallsyms has it
 *
 * Context: process context, may sleep.
 * Return: its address, or 0 if this kernel has nothing of that name.
 */
unsigned long pgtag_symbol_place(const char *name)
{
	unsigned long where;

	look_up(name, &where);
	return where;
}

/**
 * pgtag_symbol_address - the address of a kernel function, to hook it
 * @name: the function's name as kallsyms has it
 *
 * Context: process context, may sleep.
 * Return: an address inside the function's entry, or 0 if this kernel has no
 * function of that name, has several, or forbids probes on it.
 */
unsigned long pgtag_symbol_address(const char *name)
{
	unsigned long where;

	return look_up(name, &where) ? 0 : where;
}

/**
 * pgtag_symbol_read - read data of the kernel
 * @name: its name as kallsyms has it
 * @offset: where to begin in it, in bytes
 * @to: where to put what is read
 * @size: how much, in bytes
 *
 * Context: process context, may sleep.
 * Return: false if this kernel has no data of that name in kallsyms (which
 * wants CONFIG_KALLSYMS_ALL), and nothing was read.
 */
bool pgtag_symbol_read(const char *name, size_t offset, void *to, size_t size)
{
	unsigned long where;

	/* What is no code is refused with this. */
	if (look_up(name, &where) != -EINVAL || !where)
		return false;
	return !copy_from_kernel_nofault(to, (const void *)(where + offset),
					 size);
}
