/* SPDX-License-Identifier: GPL-2.0 */
/* How far it is, for who sits and waits. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stddef.h>

void progress_begin(const char *what, size_t of);
void progress_step(void);
void progress_end(void);

#endif
