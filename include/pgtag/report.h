/* SPDX-License-Identifier: GPL-2.0 */
/*
 * allocinfo, nodes and audit: what the tags say, where that is, and whether it is true.
 */
#ifndef PGTAG_REPORT_H
#define PGTAG_REPORT_H

#include <linux/fs.h>

extern const struct file_operations pgtag_allocinfo_fops;
extern const struct file_operations pgtag_nodes_fops;
extern const struct file_operations pgtag_audit_fops;

int pgtag_report_publish(void);
void pgtag_report_withdraw(void);

#endif
