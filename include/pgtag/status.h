/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The files that tell about the module itself.
 */
#ifndef PGTAG_STATUS_H
#define PGTAG_STATUS_H

#include <linux/fs.h>

extern const struct file_operations pgtag_status_fops;
extern const struct file_operations pgtag_layout_fops;

#endif
