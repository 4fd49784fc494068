/* SPDX-License-Identifier: GPL-2.0 */
/* What this machine runs. */
#ifndef CLI_RUNNING_H
#define CLI_RUNNING_H

#include <stdbool.h>

char *running_release(void);
bool running_build_id(const char *module, char *id);
void say_how_to_get_symbols(const char *release);

#endif
