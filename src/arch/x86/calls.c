// SPDX-License-Identifier: GPL-2.0
/*
 * Direct calls in x86-64 code: the byte 0xe8 and a relative address.
 *
 * The kernel exports no instruction decoder, and none is needed: that such a
 * byte inside another instruction is followed by just the distance to the
 * first byte of an allocator function does not happen.
 */
#include <linux/kallsyms.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <arch/calls.h>
#include <pgtag/api.h>
#include <pgtag/objects.h>

#define CALL		0xe8
#define CALL_SIZE	5
/* Functions begin at multiples of this. */
#define FUNCTION_ALIGN	16
/* Verdicts on targets that are remembered, a power of two. */
#define REMEMBERED	1024

struct verdict {
	unsigned long target;
	bool api;
};

static bool begins_api_function(unsigned long target, char *symbol)
{
	sprint_symbol(symbol, target);
	return strstr(symbol, "+0x0/") && pgtag_api_has(symbol, pgtag_objects_on());
}

static bool is_api(unsigned long target, struct verdict *verdicts, char *symbol)
{
	struct verdict *verdict;

	if (target % FUNCTION_ALIGN)
		return false;
	verdict = &verdicts[target / FUNCTION_ALIGN % REMEMBERED];
	if (verdict->target != target) {
		verdict->target = target;
		verdict->api = begins_api_function(target, symbol);
	}
	return verdict->api;
}

/* The word after the call's first byte, which is aligned to nothing. */
static s32 distance_at(const u8 *code)
{
	s32 distance;

	memcpy(&distance, code + 1, sizeof(distance));
	return distance;
}

static u32 scan(unsigned long start, unsigned long end,
		struct verdict *verdicts, char *symbol)
{
	unsigned long ip;
	u32 calls = 0;

	for (ip = start; ip + CALL_SIZE <= end; ip++) {
		const u8 *code = (const u8 *)ip;

		if (*code == CALL &&
		    is_api(ip + CALL_SIZE + distance_at(code), verdicts,
			   symbol))
			calls++;
		if (!(ip % PAGE_SIZE))
			cond_resched();
	}
	return calls;
}

/**
 * pgtag_count_api_calls - count the direct calls into the allocator API
 * @start: first byte of the code
 * @end: one past the last
 *
 * Context: process context, may sleep; the code is mapped and relocated.
 * Return: their number, 0 also where there is no memory to count.
 */
u32 pgtag_count_api_calls(unsigned long start, unsigned long end)
{
	struct verdict *verdicts = kvcalloc(REMEMBERED, sizeof(*verdicts),
					    GFP_KERNEL);
	char *symbol = kmalloc(KSYM_SYMBOL_LEN, GFP_KERNEL);
	u32 calls = 0;

	if (verdicts && symbol)
		calls = scan(start, end, verdicts, symbol);
	kfree(symbol);
	kvfree(verdicts);
	return calls;
}
