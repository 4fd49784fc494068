// SPDX-License-Identifier: GPL-2.0
/*
 * The files in /sys/kernel/debug/pgtag and beside it, and what brings them
 * up, turns profiling on and off, and takes them away.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/mutex.h>

#include <pgtag/api.h>
#include <pgtag/api_file.h>
#include <pgtag/control.h>
#include <pgtag/lines_file.h>
#include <pgtag/memreport.h>
#include <pgtag/profile.h>
#include <pgtag/report.h>
#include <pgtag/status.h>
#include <pgtag/stay.h>
#include <pgtag/sysctl.h>
#include <pgtag/totals.h>
#include <pgtag/work.h>

/* Held from the beginning until all there is to withdraw has been made. */
static DEFINE_MUTEX(lock);
static struct dentry *directory;

static void withdraw(void)
{
	debugfs_lookup_and_remove("allocinfo", directory);
	pgtag_report_withdraw();
}

/* Out of indices: what is read in allocinfo would not be the truth any more. */
static void give_up(struct work_struct *work)
{
	mutex_lock(&lock);
	if (pgtag_profile_disable())
		withdraw();
	mutex_unlock(&lock);
}

static PGTAG_ERRAND(giving_up, give_up);

static void full(void)
{
	pgtag_errand_send(&giving_up);
}

static const struct {
	const char *name;
	umode_t mode;
	const struct file_operations *fops;
	enum { ALWAYS, TAGS, TOTALS } when;	/* TAGS unless profiling never is on */
	bool direct;		/* without the proxy of debugfs, which has no flush() */
} files[] = {
	{ "status",	0400, &pgtag_status_fops,	ALWAYS,	false },
	{ "layout",	0400, &pgtag_layout_fops,	ALWAYS,	false },
	{ "audit",	0400, &pgtag_audit_fops,	TAGS,	false },
	{ "api",	0600, &pgtag_api_fops,		TAGS,	false },
	{ "nodes",	0400, &pgtag_nodes_fops,	TAGS,	false },
	{ "lines",	0200, &pgtag_lines_fops,	TAGS,	true },
	/* Root can write it all the same; with 0200, lockdown would let nobody read it. */
	{ "totals",	0400, &pgtag_totals_fops,	TOTALS,	false },
	{ "allocinfo",	0400, &pgtag_allocinfo_fops,	TAGS,	false },
};

static bool is_wanted(size_t i, const struct pgtag_mode *mode)
{
	if (files[i].when == ALWAYS)
		return true;
	return mode->state != PGTAG_NEVER && (files[i].when == TAGS || mode->totals);
}

/*
 * The proxy makes the removal of a file wait for who is in one of its functions. A file
 * without goes only when nobody has it open any more: that keeps the module, and a
 * load that failed waits for it.
 */
static struct dentry *make_file(size_t i)
{
	if (files[i].direct)
		return debugfs_create_file_unsafe(files[i].name, files[i].mode,
						  directory, NULL, files[i].fops);
	return debugfs_create_file(files[i].name, files[i].mode, directory,
				   NULL, files[i].fops);
}

static int make_files(const struct pgtag_mode *mode)
{
	struct dentry *file;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		if (!is_wanted(i, mode))
			continue;
		file = make_file(i);
		if (IS_ERR(file))
			return PTR_ERR(file);
	}
	return 0;
}

/*
 * A kernel that was booted without debugfs (debugfs=off is -EPERM, =no-mount
 * -ENOENT) is no reason not to profile: there is /proc/allocinfo.
 */
static int begin(const struct pgtag_mode *mode)
{
	bool never = mode->state == PGTAG_NEVER;
	int ret = pgtag_work_init();

	if (ret)
		return ret;
	directory = debugfs_create_dir("pgtag", NULL);
	ret = pgtag_profile_init(mode, full);
	if (!ret)
		ret = pgtag_sysctl_init(never);
	if (!ret && !never)
		ret = pgtag_report_publish();
	if (ret)
		return ret;
	if (!never)
		pgtag_memreport_init();
	ret = make_files(mode);
	if (!ret || ret == -EPERM || ret == -ENOENT)
		return 0;
	pr_err("cannot make /sys/kernel/debug/pgtag, error %d\n", ret);
	return ret;
}

static void stop(void)
{
	pgtag_sysctl_exit();
	pgtag_memreport_exit();
	pgtag_errand_cancel(&giving_up);
	pgtag_profile_exit();
	/* What may have come in between found nothing to give up. */
	pgtag_errand_cancel(&giving_up);
}

/*
 * Who has opened a file of debugfs needs this module to close it, and the kernel
 * does not wait for the users of one whose load fails. The load itself is one.
 */
static void wait_for_users(void)
{
	while (module_refcount(THIS_MODULE) > 1)
		msleep(20);
}

static void take_away(void)
{
	stop();
	debugfs_remove(directory);
	directory = NULL;
	pgtag_report_withdraw();
	pgtag_work_exit();
	/* Who adds names went with the files, learners with the hooks. */
	pgtag_api_exit();
}

/**
 * pgtag_control_init - begin as the user asked for
 * @mode: the parameters
 *
 * Context: process context of the module's load, may sleep.
 * Return: 0 or a negative error, explained in the log; nothing is left then. 0 as
 * well if the code has to stay: the kernel frees a module whose load fails.
 */
int pgtag_control_init(const struct pgtag_mode *mode)
{
	int ret;

	mutex_lock(&lock);
	ret = begin(mode);
	mutex_unlock(&lock);
	if (!ret) {
		pgtag_profile_announce();
		return 0;
	}
	take_away();
	if (pgtag_stays())
		return 0;
	wait_for_users();
	pgtag_lines_exit();
	return ret;
}

/**
 * pgtag_control_exit - end it, and take everything away
 *
 * Context: process context, may sleep. Waits for whoever reads a file; and for
 * ever, if the code has to stay.
 */
void pgtag_control_exit(void)
{
	take_away();
	pgtag_lines_exit();
	pgtag_stay_for_ever();
}
