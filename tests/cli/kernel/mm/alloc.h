/* SPDX-License-Identifier: GPL-2.0 */
/* Of a kernel in miniature, for lines.sh: what gets memory for others. */

extern void *kept[];

void *alloc_pages_noprof(unsigned long order);

static inline __attribute__((always_inline)) void *kmalloc_noprof(unsigned long size)
{
	return alloc_pages_noprof(size >> 12);
}
