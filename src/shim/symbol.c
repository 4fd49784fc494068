// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel exports no symbol lookup, but it looks a symbol up for every
 * kprobe. A probe that is registered disabled changes no code.
 */
#include <linux/kprobes.h>

#include "symbol.h"

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
	struct kprobe probe = {
		.symbol_name = name,
		.flags = KPROBE_FLAG_DISABLED,
	};
	unsigned long address;

	if (register_kprobe(&probe))
		return 0;
	address = (unsigned long)probe.addr;
	unregister_kprobe(&probe);
	return address;
}
