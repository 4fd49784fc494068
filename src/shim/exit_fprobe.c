// SPDX-License-Identifier: GPL-2.0
/* Exit hooks over fprobe, see kernel/trace/fprobe.c. */
#include <linux/fprobe.h>
#include <linux/ftrace.h>
#include <linux/version.h>

#include "exit_kind.h"
#include "graph_index.h"

struct by_fprobe {
	struct pgtag_exit hook;		/* first: it is freed by its address */
	struct fprobe probe;
};

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0)
#define probe_regs		ftrace_regs
/* Where there are but a few registers, they need room for a copy. */
#ifdef CONFIG_HAVE_FTRACE_REGS_HAVING_PT_REGS
#define probe_pt_regs(regs)	(&arch_ftrace_regs(regs)->regs)
#else
#define probe_pt_regs(regs)	ftrace_partial_regs(regs, &(struct pt_regs) { })
#endif
#else
#define probe_regs		pt_regs
#define probe_pt_regs(regs)	(regs)
#define probe_instances		nr_maxactive
#endif

static struct by_fprobe *by_fprobe(const struct pgtag_exit *hook)
{
	return container_of(hook, struct by_fprobe, hook);
}

static int on_entry(struct fprobe *probe, unsigned long ip, unsigned long ret,
		    struct probe_regs *regs, void *data)
{
	struct by_fprobe *by = container_of(probe, struct by_fprobe, probe);

	return pgtag_exit_enter(&by->hook, data, probe_pt_regs(regs)) ? 0 : 1;
}

static void on_exit(struct fprobe *probe, unsigned long ip, unsigned long ret,
		    struct probe_regs *regs, void *data)
{
	struct by_fprobe *by = container_of(probe, struct by_fprobe, probe);

	pgtag_exit_leave(&by->hook, data, probe_pt_regs(regs));
}

static int avoid_index_0(struct fprobe *probe, const char *function)
{
	int ret;

	switch (pgtag_graph_index()) {
	case PGTAG_GRAPH_INDEX_FIRST:
		/* Taken and given back, it comes last. */
		ret = register_fprobe_syms(probe, &function, 1);
		if (!ret)
			unregister_fprobe(probe);
		return ret;
	case PGTAG_GRAPH_INDEX_WARNS:
		return -EOPNOTSUPP;
	default:
		return 0;
	}
}

static int attach(struct pgtag_exit *hook, const char *function)
{
	struct fprobe *probe = &by_fprobe(hook)->probe;
	int ret;

	probe->entry_handler = on_entry;
	probe->exit_handler = on_exit;
	probe->entry_data_size = sizeof(struct pgtag_exit_kept);
#ifdef probe_instances
	probe->probe_instances = PGTAG_EXITS_AT_ONCE;
#endif
	ret = avoid_index_0(probe, function);
	return ret ? ret : register_fprobe_syms(probe, &function, 1);
}

static int detach(struct pgtag_exit *hook)
{
	return unregister_fprobe(&by_fprobe(hook)->probe);
}

static unsigned long missed(const struct pgtag_exit *hook)
{
	return by_fprobe(hook)->probe.nmissed;
}

const struct pgtag_exit_kind pgtag_exit_fprobe = {
	.name = "fprobe exit",
	.size = sizeof(struct by_fprobe),
	.attach = attach,
	.detach = detach,
	.missed = missed,
};
