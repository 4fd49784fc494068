// SPDX-License-Identifier: GPL-2.0
/*
 * pgtag status: is everything as it should be, and if not, what to do.
 */
#include <errno.h>
#include <getopt.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "allocinfo.h"
#include "commands.h"
#include "keys.h"

#define DEBUGFS		"/sys/kernel/debug"
#define SECURE_BOOT	"/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

/**
 * struct machine - what there is to be judged
 * @status: the module's file, NULL if it cannot be read
 * @loaded: the module is
 * @installed: it could be, for this kernel
 * @profiled: the kernel has profiling of its own
 * @root: who asks is
 * @debugfs: it is mounted
 * @signed_only: the kernel takes only signed modules
 * @off: profiling is turned off
 * @dkms: DKMS has a key for signing
 * @shim_signed: so has Ubuntu
 */
struct machine {
	char *status;
	bool loaded, installed, profiled, root, debugfs, signed_only, off;
	bool dkms, shim_signed;
};

static bool file_has(const char *path, const char *text)
{
	size_t length;
	char *all = read_whole(path, &length);
	bool has = all && memmem(all, length, text, strlen(text));

	free(all);
	return has;
}

/* Four bytes of attributes, then the value. */
static bool secure_boot(void)
{
	size_t length;
	char *text = read_whole(SECURE_BOOT, &length);
	bool on = text && length == 5 && text[4] == 1;

	free(text);
	return on;
}

static bool installed(void)
{
	struct utsname name;
	char path[128];

	if (uname(&name))
		return false;
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.dep", name.release);
	return file_has(path, "/pgtag_compress.ko");
}

static void look(struct machine *machine)
{
	struct statfs fs;
	size_t length;

	memset(machine, 0, sizeof(*machine));
	machine->root = !geteuid();
	machine->loaded = file_has("/proc/modules", "pgtag_compress ");
	machine->installed = installed();
	machine->profiled = !machine->loaded && !access(PROC_ALLOCINFO, F_OK);
	machine->debugfs = !statfs(DEBUGFS, &fs) && fs.f_type == DEBUGFS_MAGIC;
	machine->signed_only = secure_boot() ||
			       file_has("/sys/module/module/parameters/sig_enforce", "Y");
	machine->off = file_has(PROC_SWITCH, "0");
	machine->dkms = !access("/var/lib/dkms/mok.pub", F_OK);
	machine->shim_signed = !access("/var/lib/shim-signed/mok/MOK.der", F_OK);
	machine->status = read_whole(PGTAG_DIR "/status", &length);
}

static int problem(const char *what, const char *remedy)
{
	printf("problem: %s\n     do: %s\n", what, remedy);
	return 1;
}

/* The key that signed it must be known to the firmware, for which its owner must be there. */
static int judge_signature(const struct machine *machine)
{
	const char *remedy =
		"sign it: dkms makes the key /var/lib/dkms/mok.pub when it builds; then\n"
		"         sudo mokutil --import /var/lib/dkms/mok.pub; reboot, and enroll the key there";

	if (machine->dkms)
		remedy = "sudo mokutil --import /var/lib/dkms/mok.pub; reboot, and enroll the key there";
	if (machine->shim_signed)
		remedy = "sudo update-secureboot-policy --enroll-key; reboot, and enroll the key there";
	return problem("this kernel takes signed modules alone (Secure Boot); a module built here has the key of this machine",
		       remedy);
}

static int judge_loading(const struct machine *machine)
{
	int problems = 1;

	if (!machine->installed)
		problem("the module pgtag_compress is not installed for this kernel, which has no profiling of its own",
			"sudo make dkms-install, or install the package pgtag-dkms");
	else
		problem("the module pgtag_compress is not loaded",
			"sudo modprobe pgtag_compress; sudo dmesg | grep pgtag says why if it fails");
	if (machine->signed_only)
		problems += judge_signature(machine);
	return problems;
}

static int judge_reading(const struct machine *machine)
{
	if (!machine->root)
		return problem("not root: the files are for root alone",
			       "sudo pgtag status");
	if (!machine->debugfs)
		return problem("debugfs is not mounted",
			       "sudo mount -t debugfs none " DEBUGFS);
	return problem(PGTAG_DIR "/status cannot be read",
		       "sudo dmesg | grep pgtag");
}

/* What the module itself says of its work, it says in words for people, too. */
static int judge_work(const struct machine *machine)
{
	char degraded[256];

	return key_text(machine->status, "degraded", degraded, sizeof(degraded)) &&
	       strcmp(degraded, "no");
}

static int judge(const struct machine *machine)
{
	int problems = 0;

	if (machine->profiled && !machine->root)
		return judge_reading(machine);
	if (!machine->loaded && !machine->profiled)
		return judge_loading(machine);
	if (machine->loaded && !machine->status)
		problems += judge_reading(machine);
	if (machine->status)
		problems += judge_work(machine);
	else if (machine->off)
		problems += problem("profiling is turned off: what is allocated now is not counted",
				    "sudo pgtag on");
	return problems;
}

/* Those lines begin with a hash. */
static void print_words(const char *status)
{
	const char *line, *end;

	for (line = status; *line == '#'; line = end + 1) {
		end = strchr(line, '\n');
		if (!end)
			break;
		printf("%.*s\n", (int)(end - line - 1), line + 1);
	}
}

static void tell(const struct machine *machine, bool verbose)
{
	printf("%s\n", machine->loaded ? "The module pgtag_compress is loaded." :
	       machine->profiled ? "The kernel has profiling of its own." :
				   "Nobody counts memory here.");
	if (!machine->status)
		return;
	if (verbose)
		fputs(machine->status, stdout);
	else
		print_words(machine->status);
}

static int run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "verbose", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	struct machine machine;
	bool verbose = false;
	int c, problems;

	while ((c = getopt_long(argc, argv, "vh", options, NULL)) != -1) {
		switch (c) {
		case 'v':
			verbose = true;
			break;
		case 'h':
			return usage_wanted(&command_status);
		default:
			return usage_error(&command_status);
		}
	}
	if (optind < argc)
		return usage_error(&command_status);
	look(&machine);
	tell(&machine, verbose);
	problems = judge(&machine);
	if (!problems)
		puts("All is well.");
	free(machine.status);
	return problems ? EXIT_NO : EXIT_OK;
}

const struct command command_status = {
	.name = "status",
	.summary = "is all well, and if not, what to do",
	.usage = "usage: pgtag status [-v]\n\n"
		 "  -v, --verbose  all that the module says of itself\n\n"
		 "Ends with 1 if something is not as it should be.\n\n"
		 "example: sudo pgtag status\n",
	.run = run,
};
