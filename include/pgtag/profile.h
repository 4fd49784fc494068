/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Profiling as a whole: turned on and off, its state, its storage.
 */
#ifndef PGTAG_PROFILE_H
#define PGTAG_PROFILE_H

#include <pgtag/mode.h>
#include <pgtag/names.h>

struct pgtag_storage;

int pgtag_profile_init(const struct pgtag_mode *asked, void (*full)(void));
void pgtag_profile_exit(void);
int pgtag_profile_turn(bool on);
bool pgtag_profile_disable(void);
void pgtag_profile_announce(void);
void pgtag_profile_relearn(const struct pgtag_names *names);
bool pgtag_profile_on(void);
const char *pgtag_profile_state(void);
bool pgtag_profile_disabled(void);
bool pgtag_profile_never(void);
bool pgtag_profile_compressed(void);
bool pgtag_profile_uncompressed(const char **why, const char **what);
bool pgtag_profile_by_functions(void);
unsigned int pgtag_profile_depth(void);
const char *pgtag_profile_slab(void);

const struct pgtag_storage *pgtag_profile_get(void);
void pgtag_profile_put(void);
bool pgtag_profile_has_tags(void);

#endif
