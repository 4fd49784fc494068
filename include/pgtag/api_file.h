/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The api file.
 */
#ifndef PGTAG_API_FILE_H
#define PGTAG_API_FILE_H

#include <linux/fs.h>

extern const struct file_operations pgtag_api_fops;

#endif
