// SPDX-License-Identifier: GPL-2.0
/*
 * Compares the call path that pgtag_compress tagged a page with, for every
 * allocation, with what stack_trace_save() says at that moment. When it is
 * removed it says how that went:
 *
 *	pgtag_stack: compared N short N different N
 *
 * "short" paths end before they are as deep as was asked for, where the stack
 * goes on, and not because the kernel was entered there. They are compared as far
 * as they go.
 *
 * It reads pgtag_compress's own variables, whose addresses are looked up, and
 * knows of its tags and its allocator API what the sources say.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/stacktrace.h>
#include <linux/tracepoint.h>

#include <pgtag/layout.h>
#include <pgtag/names.h>
#include <pgtag/tags.h>

#include "compat.h"

/* The names of the allocator API; what is under test is the stack. */
#include "../../../src/names.c"

#define FRAMES		64
#define SAY_AT_MOST	10

static unsigned int depth = 1;
module_param(depth, uint, 0444);
MODULE_PARM_DESC(depth, "what pgtag_compress was loaded with");

static struct pgtag **blocks;	/* of tags */
static const struct pgtag_field *field;
static struct tracepoint *event;

static atomic_long_t compared, shorter, different;

/*
 * Is this return address inside the allocator API? Names are slow, so answers
 * are remembered, each in one word: the address, without its highest bit (which
 * all have) where the answer is no.
 */
static bool in_api(unsigned long ip)
{
	static unsigned long known[4096];
	unsigned long *place = &known[(ip ^ ip >> 12) % ARRAY_SIZE(known)];
	const unsigned long no = 1UL << 63;
	unsigned long word = READ_ONCE(*place);
	char symbol[KSYM_SYMBOL_LEN];

	if ((word | no) != ip) {
		sprint_symbol(symbol, ip - 1);
		word = pgtag_name_is_api(symbol) ? ip : ip & ~no;
		WRITE_ONCE(*place, word);
	}
	return word & no;
}

/* The first frame outside of the API; the first ones are this module's. */
static unsigned int find_site(const unsigned long *stack, unsigned int nr)
{
	unsigned int i = 0;

	while (i < nr && !in_api(stack[i]))
		i++;
	while (i < nr && in_api(stack[i]))
		i++;
	return i;
}

static const struct pgtag *tag_at(u32 index)
{
	return &blocks[index / PGTAG_BLOCK][index % PGTAG_BLOCK];
}

/* The frames of a tag, its site first. Returns how many. */
static unsigned int path_of(u32 index, unsigned long *path)
{
	unsigned int nr = 0;
	unsigned int i;
	u32 at;

	for (at = index; at && nr < PGTAG_MAX_DEPTH; at = tag_at(at)->parent)
		nr++;
	for (i = nr; i--; index = tag_at(index)->parent)
		path[i] = tag_at(index)->ip;
	return nr;
}

/* Does this address lie where an exception or an interrupt enters the kernel? */
static bool is_entry(unsigned long ip)
{
	char symbol[KSYM_SYMBOL_LEN];

	sprint_symbol(symbol, ip - 1);
	return str_has_prefix(symbol, "asm_") ||
	       str_has_prefix(symbol, "end_repeat_nmi+") ||
	       (str_has_prefix(symbol, "el1h_64_") && !strstr(symbol, "_handler+"));
}

static void complain(const unsigned long *stack, unsigned int nr,
		     const unsigned long *path, unsigned int length)
{
	unsigned int i;

	if (atomic_long_inc_return(&different) > SAY_AT_MOST)
		return;
	for (i = 0; i < length; i++)
		pr_info("frame %u: tagged %pB stack %pB\n", i, (void *)path[i],
			i < nr ? (void *)stack[i] : NULL);
}

/* Where the path ends, the stack goes on. */
static void complain_of_end(const unsigned long *stack, unsigned int length)
{
	if (atomic_long_inc_return(&shorter) <= SAY_AT_MOST)
		pr_info("ends after frame %u: %pB, its caller %pB\n", length,
			(void *)stack[length - 1], (void *)stack[length]);
}

static void on_alloc(void *data, struct page *page, unsigned int order,
		     gfp_t gfp, int migratetype)
{
	unsigned long stack[FRAMES], path[PGTAG_MAX_DEPTH];
	unsigned int nr, site, length;
	u32 index;

	if (!page)
		return;
	index = pgtag_field_get(field, page_flags_word(page));
	if (index < CODETAG_ID_FIRST)
		return;
	nr = stack_trace_save(stack, FRAMES, 0);
	site = find_site(stack, nr);
	length = path_of(index, path);
	atomic_long_inc(&compared);
	if (length < depth && length < nr - site && !is_entry(path[length - 1]))
		complain_of_end(stack + site, length);
	if (length > nr - site ||
	    memcmp(stack + site, path, length * sizeof(*path)))
		complain(stack + site, nr - site, path, length);
}

/*
 * A kprobe gives the address of the function that knows all others. It is
 * called through a pointer, which a test may do: QEMU has no IBT, and a kernel with
 * CFI is not asked whether it has a type for that.
 */
static noinline __nocfi void *lookup(const char *name)
{
	struct kprobe probe = { .symbol_name = "kallsyms_lookup_name" };
	unsigned long (*find)(const char *name);

	if (register_kprobe(&probe))
		return NULL;
	find = (void *)probe.addr;
	unregister_kprobe(&probe);
	return (void *)find(name);
}
ANNOTATE_NOCFI_SYM(lookup);

static void match(struct tracepoint *tracepoint, void *arg)
{
	if (!strcmp(tracepoint->name, "mm_page_alloc"))
		event = tracepoint;
}

static int __init pgtag_stack_init(void)
{
	blocks = lookup("pgtag_tag_blocks");
	field = lookup("pgtag_field");
	for_each_kernel_tracepoint(match, NULL);
	if (!blocks || !field || !event) {
		pr_err("pgtag_compress has not what is to be looked at\n");
		return -ENOENT;
	}
	/* After pgtag_compress has tagged the page. */
	return tracepoint_probe_register_prio(event, on_alloc, NULL, 0);
}
module_init(pgtag_stack_init);

static void __exit pgtag_stack_exit(void)
{
	tracepoint_probe_unregister(event, on_alloc, NULL);
	tracepoint_synchronize_unregister();
	pr_info("compared %ld short %ld different %ld\n",
		atomic_long_read(&compared), atomic_long_read(&shorter),
		atomic_long_read(&different));
}
module_exit(pgtag_stack_exit);

MODULE_DESCRIPTION("Compares call paths with stack_trace_save()");
MODULE_LICENSE("GPL");
