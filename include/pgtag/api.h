/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The allocator API as it stands: the built-in names and the user's.
 */
#ifndef PGTAG_API_H
#define PGTAG_API_H

#include <pgtag/names.h>

#define PGTAG_API_ADDED	192	/* functions a user may add */
#define PGTAG_API_NAME	128	/* room for the name of one */

void pgtag_api_init(bool slab);
void pgtag_api_exit(void);
bool pgtag_api_has(const char *symbol, bool objects);
int pgtag_api_add(const struct pgtag_names *names);
int pgtag_api_remove(const struct pgtag_names *names);
const char *pgtag_api_added(unsigned int i);

#endif
