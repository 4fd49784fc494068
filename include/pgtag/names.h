/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the name of a kernel function says about its part in an allocation.
 */
#ifndef PGTAG_NAMES_H
#define PGTAG_NAMES_H

#include <pgtag/pure.h>

/**
 * struct pgtag_names - names of functions
 * @name: the names, with or without a compiler's suffix
 * @nr: how many
 */
struct pgtag_names {
	const char * const *name;
	unsigned int nr;
};

size_t pgtag_name_length(const char *symbol);
bool pgtag_name_same(const char *symbol, const char *name);
bool pgtag_name_is_api(const char *symbol);
bool pgtag_name_is_slab(const char *symbol);
bool pgtag_name_grows_slab(const char *symbol);
bool pgtag_name_is_percpu(const char *symbol);

/* Did kallsyms know of no symbol there, and print the bare address? */
static inline bool pgtag_symbol_raw(const char *symbol)
{
	return symbol[0] == '0';
}

#endif
