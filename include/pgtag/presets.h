/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sets of helpers that hide their callers.
 */
#ifndef PGTAG_PRESETS_H
#define PGTAG_PRESETS_H

#include <pgtag/names.h>

#define PGTAG_PRESET_LIST	"net, fault, shmem, pagetable, file"
#define PGTAG_PRESET_MOST	48	/* functions of one of them */

/**
 * struct pgtag_preset - helpers that somebody may want to see through
 * @name: what the set is called
 * @unmasks: what is seen with them gone, in a line
 * @functions: their names in all kernels
 */
struct pgtag_preset {
	const char *name;
	const char *unmasks;
	struct pgtag_names functions;
};

const struct pgtag_preset *pgtag_preset_at(unsigned int i);
const struct pgtag_preset *pgtag_preset_find(const char *name);

#endif
