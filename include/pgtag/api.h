/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The allocator API as it stands: the built-in names and the user's.
 */
#ifndef PGTAG_API_H
#define PGTAG_API_H

#include <linux/fs.h>
#include <linux/types.h>

extern const struct file_operations pgtag_api_fops;

bool pgtag_api_has(const char *symbol);

#endif
