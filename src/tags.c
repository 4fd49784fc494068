// SPDX-License-Identifier: GPL-2.0
/*
 * Tags are numbered in the order their sites are first seen. A site may be
 * seen first in any context, so tags and counters are there before they are
 * asked for: a worker keeps a stock of them.
 */
#include <linux/cpumask.h>
#include <linux/irq_work.h>
#include <linux/kallsyms.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include <pgtag/tags.h>

/*
 * Counters are allocated for this many tags at once: 16 KiB a CPU, half of
 * what the per-CPU allocator gives in one piece.
 */
#define BLOCK		1024U
/* With fewer tags left than this the worker is sent for the next block. */
#define STOCK		512U

#define MAX_BLOCKS	(PGTAG_MAX_TAGS / BLOCK)

struct pgtag_counter __percpu **pgtag_counters;
u32 pgtag_counters_ready;

static struct pgtag *tags;
static struct pgtag_counter __percpu *blocks[MAX_BLOCKS];
static u32 capacity;
static u32 end;			/* one past the last tag; written by learners */
static DEFINE_MUTEX(names);	/* readers of a name and who forgets its code */

static int add_block(void)
{
	u32 ready = pgtag_counters_ready;
	struct pgtag_counter __percpu *block;
	u32 i;

	block = __alloc_percpu(BLOCK * sizeof(*block), sizeof(*block));
	if (!block)
		return -ENOMEM;
	blocks[ready / BLOCK] = block;
	for (i = 0; i < BLOCK; i++)
		pgtag_counters[CODETAG_ID_FIRST + ready + i] = block + i;
	/* Whoever sees the new limit sees the counters below it. */
	smp_store_release(&pgtag_counters_ready, ready + BLOCK);
	return 0;
}

/* How many tags can be given out before counters are needed? */
static u32 stock(void)
{
	return CODETAG_ID_FIRST + READ_ONCE(pgtag_counters_ready) -
	       READ_ONCE(end);
}

static void stock_up(struct work_struct *work)
{
	while (stock() < STOCK && pgtag_counters_ready < capacity) {
		if (add_block())
			break;
	}
}

static DECLARE_WORK(stock_work, stock_up);

/* Work cannot be queued from every context; this interrupt can. */
static void order_stock(struct irq_work *work)
{
	schedule_work(&stock_work);
}

static DEFINE_IRQ_WORK(stock_order, order_stock);

/**
 * pgtag_tags_init - make room for tags
 * @field: where their indices are stored
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int pgtag_tags_init(const struct pgtag_field *field)
{
	unsigned long indices = field->mask + 1 - CODETAG_ID_FIRST;

	/* Counters come in whole blocks. */
	capacity = min_t(unsigned long, PGTAG_MAX_TAGS, indices) & ~(BLOCK - 1);
	end = CODETAG_ID_FIRST;
	pgtag_counters_ready = 0;
	tags = vcalloc(CODETAG_ID_FIRST + capacity, sizeof(*tags));
	pgtag_counters = vcalloc(CODETAG_ID_FIRST + capacity,
				 sizeof(*pgtag_counters));
	if (tags && pgtag_counters && !add_block() && !add_block())
		return 0;
	pgtag_tags_exit();
	return -ENOMEM;
}

/**
 * pgtag_tags_exit - give the tags' memory back
 *
 * Context: process context, may sleep. No hook may run any more.
 */
void pgtag_tags_exit(void)
{
	u32 i;

	irq_work_sync(&stock_order);
	cancel_work_sync(&stock_work);
	pgtag_counters_ready = 0;
	for (i = 0; i < MAX_BLOCKS; i++) {
		free_percpu(blocks[i]);
		blocks[i] = NULL;
	}
	for (i = 0; tags && i < end; i++)
		kfree(tags[i].name);
	end = 0;
	vfree(pgtag_counters);
	pgtag_counters = NULL;
	vfree(tags);
	tags = NULL;
}

/**
 * pgtag_tag_new - a tag for a site seen for the first time
 * @ip: the site's return address
 *
 * Context: any; the caller holds the lock of the learners (caller.c).
 * Return: the tag's index, or 0 if there is none left at the moment.
 */
u32 pgtag_tag_new(unsigned long ip)
{
	u32 index = end;

	if (stock() < STOCK && pgtag_counters_ready < capacity)
		irq_work_queue(&stock_order);
	if (!stock())
		return CODETAG_ID_NULL;
	tags[index].ip = ip;
	/* Readers that see the new end see the tag below it. */
	smp_store_release(&end, index + 1);
	return index;
}

/**
 * pgtag_tags_end - one past the last tag
 *
 * Context: any.
 */
u32 pgtag_tags_end(void)
{
	return smp_load_acquire(&end);
}

/**
 * pgtag_tags_capacity - how many tags there may be
 *
 * Context: any.
 */
u32 pgtag_tags_capacity(void)
{
	return capacity;
}

/**
 * pgtag_tag_sum - what a tag owns
 * @index: below pgtag_tags_end()
 *
 * Context: any. Not a snapshot: pages may come and go while CPUs are added.
 */
struct pgtag_counter pgtag_tag_sum(u32 index)
{
	struct pgtag_counter sum = { };
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct pgtag_counter *part;

		part = per_cpu_ptr(pgtag_counters[index], cpu);
		sum.bytes += READ_ONCE(part->bytes);
		sum.calls += READ_ONCE(part->calls);
	}
	return sum;
}

/* "<function>+0x<offset>[ [module]]"; %pB looks up the call, not its return */
static size_t print_ip(unsigned long ip, char *buffer, size_t size)
{
	char *length;

	scnprintf(buffer, size, "%pB", (void *)ip);
	/* "/0x<size of the function>" says nothing about the site. */
	length = strchr(buffer, '/');
	if (length)
		strcpy(length, length + strcspn(length, " "));
	return strlen(buffer);
}

/**
 * pgtag_tag_name - print where a tag's site is
 * @index: below pgtag_tags_end()
 * @buffer: for "<function>+0x<offset>" and " [<module>]" for a module's
 * @size: its size; KSYM_SYMBOL_LEN is always enough
 *
 * Context: process context, may sleep.
 * Return: length of the text.
 */
size_t pgtag_tag_name(u32 index, char *buffer, size_t size)
{
	const struct pgtag *tag = &tags[index];
	size_t length;

	mutex_lock(&names);
	if (tag->name)
		length = scnprintf(buffer, size, "%s", tag->name);
	else
		length = print_ip(tag->ip, buffer, size);
	mutex_unlock(&names);
	return length;
}

static void keep_name(struct pgtag *tag)
{
	static char buffer[KSYM_SYMBOL_LEN];	/* under the mutex */

	print_ip(tag->ip, buffer, sizeof(buffer));
	tag->name = kstrdup(buffer, GFP_KERNEL | __GFP_NOFAIL);
	tag->ip = 0;
}

/**
 * pgtag_tags_forget - code is about to go, keep only the names of its sites
 * @start: first address
 * @end_ip: one past the last
 *
 * Context: process context, may sleep; the code is still there, and no new
 * page is charged to its sites any more.
 */
void pgtag_tags_forget(unsigned long start, unsigned long end_ip)
{
	u32 limit = pgtag_tags_end();
	u32 i;

	mutex_lock(&names);
	for (i = CODETAG_ID_FIRST; i < limit; i++) {
		if (tags[i].ip >= start && tags[i].ip < end_ip)
			keep_name(&tags[i]);
	}
	mutex_unlock(&names);
}
