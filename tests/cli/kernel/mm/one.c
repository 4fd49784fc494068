// SPDX-License-Identifier: GPL-2.0
/* Of a kernel in miniature, for lines.sh; the result has these lines. */
#include "alloc.h"

__attribute__((noinline, noclone)) void plain(unsigned long n)
{
	kept[0] = alloc_pages_noprof(n);		/* plain */
	kept[1] = alloc_pages_noprof(n + 1);		/* plain, again */
}

__attribute__((noinline, noclone)) void through_header(unsigned long n)
{
	kept[2] = kmalloc_noprof(n);			/* not in the header */
}

static inline __attribute__((always_inline)) void helper(unsigned long n)
{
	kept[3] = kmalloc_noprof(n);			/* the helper */
}

__attribute__((noinline, noclone)) void outer(unsigned long n)
{
	kept[4] = kept[n & 7];
	helper(n);					/* what it is inlined in */
	kept[5] = kept[n & 3];
}

/* There is another one: their code differs. */
static __attribute__((noinline, noclone)) void same_name(unsigned long n)
{
	kept[6] = alloc_pages_noprof(n);		/* the first of that name */
}

/* There is another one, the same. */
static __attribute__((noinline, noclone)) void twin(unsigned long n)
{
	kept[7] = alloc_pages_noprof(n);
}

void two(unsigned long n);

void _start(void)
{
	unsigned long n = (unsigned long)kept[8];

	plain(n);
	through_header(n);
	outer(n);
	same_name(n);
	twin(n);
	two(n);
}
