/* SPDX-License-Identifier: GPL-2.0 */
/* Call paths as a tree. */
#ifndef CLI_TREE_H
#define CLI_TREE_H

#include "rows.h"

void tree_print(const struct allocinfo *info, const struct filter *filter,
		unsigned long long min, size_t lines);

#endif
