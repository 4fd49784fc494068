/* SPDX-License-Identifier: GPL-2.0 */
/* What was found out about a build of a module, for the next time. */
#ifndef CLI_LINE_CACHE_H
#define CLI_LINE_CACHE_H

#include "symbols.h"

void line_cache_load(const char *id, struct place **places, size_t nr);
void line_cache_add(const char *id, struct place *const *places, size_t nr);

#endif
