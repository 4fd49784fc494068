// SPDX-License-Identifier: GPL-2.0
/* Of a kernel in miniature, for lines.sh: a module, whose file has a dash. */
#include "mm/alloc.h"

void module_function(unsigned long n)
{
	kept[11] = kmalloc_noprof(n);			/* in a module */
}
