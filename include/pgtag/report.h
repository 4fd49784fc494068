/* SPDX-License-Identifier: GPL-2.0 */
/*
 * allocinfo, nodes and audit: what the tags say, where that is, and whether it is true.
 */
#ifndef PGTAG_REPORT_H
#define PGTAG_REPORT_H

#include <linux/fs.h>
#include <linux/kallsyms.h>
#include <linux/seq_file.h>

#include <pgtag/mode.h>
#include <pgtag/records.h>

struct pgtag_numa;
struct pgtag_sum;

/**
 * struct pgtag_reader - somebody has opened allocinfo or nodes
 * @tags: there are some to read
 * @numa: for nodes, what was found there; else NULL
 * @name: place for the name of the one that is printed
 * @filter: what the ioctls are to tell of
 * @next: the tag they go on with, 0 to begin anew
 *
 * Whoever reads the file, or does an ioctl on it, holds its seq_file's lock.
 */
struct pgtag_reader {
	bool tags;
	struct pgtag_numa *numa;
	char name[PGTAG_MAX_DEPTH * KSYM_SYMBOL_LEN];
	struct allocinfo_filter filter;
	u32 next;
};

extern const struct file_operations pgtag_allocinfo_fops;
extern const struct file_operations pgtag_nodes_fops;
extern const struct file_operations pgtag_audit_fops;

int pgtag_report_publish(void);
void pgtag_report_withdraw(void);
void *pgtag_report_start(struct seq_file *m, loff_t *pos);
void *pgtag_report_next(struct seq_file *m, void *v, loff_t *pos);
void pgtag_report_stop(struct seq_file *m, void *v);
void pgtag_report_tag(struct seq_file *m, const struct pgtag_reader *reader, u32 index);
bool pgtag_report_omits(u32 index, const struct pgtag_sum *sum);
long pgtag_report_ioctl(struct file *file, unsigned int command, unsigned long arg);
long pgtag_report_compat_ioctl(struct file *file, unsigned int command, unsigned long arg);

#endif
