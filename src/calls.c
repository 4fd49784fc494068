// SPDX-License-Identifier: GPL-2.0
/*
 * Direct calls into the allocator API, in code that was just loaded.
 */
#include <linux/kallsyms.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <arch/calls.h>
#include <pgtag/api.h>
#include <pgtag/calls.h>
#include <pgtag/objects.h>

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

	if (target % PGTAG_FUNCTION_ALIGN)
		return false;
	verdict = &verdicts[target / PGTAG_FUNCTION_ALIGN % REMEMBERED];
	if (verdict->target != target) {
		verdict->target = target;
		verdict->api = begins_api_function(target, symbol);
	}
	return verdict->api;
}

static u32 scan(unsigned long start, unsigned long end,
		struct verdict *verdicts, char *symbol)
{
	unsigned long ip;
	u32 calls = 0;

	for (ip = start; ip + PGTAG_CALL_SIZE <= end; ip += PGTAG_CODE_ALIGN) {
		unsigned long target = pgtag_call_target(ip);

		if (target && is_api(target, verdicts, symbol))
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
