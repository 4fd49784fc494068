// SPDX-License-Identifier: GPL-2.0
/* Of a kernel in miniature, for lines.sh: names that one.c has as well. */
#include "alloc.h"

static __attribute__((noinline, noclone)) void same_name(unsigned long n)
{
	kept[9] = kept[n & 7];
	kept[10] = kept[n & 3];
	kept[6] = alloc_pages_noprof(n * 3 + 17);	/* the second of that name */
}

static __attribute__((noinline, noclone)) void twin(unsigned long n)
{
	kept[7] = alloc_pages_noprof(n);
}

void two(unsigned long n)
{
	same_name(n);
	twin(n);
}
