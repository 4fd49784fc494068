/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a module's code lies: struct module_memory replaced the two layouts
 * in 6.4.
 */
#ifndef PGTAG_SHIM_MODULE_H
#define PGTAG_SHIM_MODULE_H

#include <linux/module.h>
#include <linux/version.h>

struct pgtag_range {
	unsigned long start;
	unsigned long end;
};

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)

static inline struct pgtag_range pgtag_module_part(const struct module *mod,
						   enum mod_mem_type type)
{
	unsigned long start = (unsigned long)mod->mem[type].base;

	return (struct pgtag_range) { start, start + mod->mem[type].size };
}

static inline struct pgtag_range pgtag_module_core(const struct module *mod)
{
	return pgtag_module_part(mod, MOD_TEXT);
}

static inline struct pgtag_range pgtag_module_init(const struct module *mod)
{
	return pgtag_module_part(mod, MOD_INIT_TEXT);
}

#else

static inline struct pgtag_range
pgtag_module_part(const struct module_layout *layout)
{
	unsigned long start = (unsigned long)layout->base;

	return (struct pgtag_range) { start, start + layout->text_size };
}

static inline struct pgtag_range pgtag_module_core(const struct module *mod)
{
	return pgtag_module_part(&mod->core_layout);
}

static inline struct pgtag_range pgtag_module_init(const struct module *mod)
{
	return pgtag_module_part(&mod->init_layout);
}

#endif

#endif
