/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The file lines, and the source lines that were last written to it.
 */
#ifndef PGTAG_LINES_FILE_H
#define PGTAG_LINES_FILE_H

#include <linux/fs.h>

struct seq_file;

extern const struct file_operations pgtag_lines_fops;

size_t pgtag_lines_name(char *text, size_t length, size_t size);
void pgtag_lines_show(struct seq_file *m);
void pgtag_lines_exit(void);

#endif
