// SPDX-License-Identifier: GPL-2.0
/*
 * Write with src/arch/word.h to a page that is mapped twice, once read-only. The
 * module does its work at load and then refuses to stay: with EAGAIN if the page
 * is as it should be, with EIO if not.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

#include <arch/word.h>

/* What the word reads after a write that sets one bit and one that clears one. */
static long written(atomic_long_t *word, atomic_long_t *to)
{
	atomic_long_set(word, 1);
	pgtag_try_or(to, 2);
	pgtag_try_andnot(to, 1);
	return atomic_long_read(word);
}

static int __init pgtag_word_init(void)
{
	struct page *page = alloc_page(GFP_KERNEL);
	void *readonly;
	int ret = -ENOMEM;

	if (!page)
		return ret;
	readonly = vmap(&page, 1, VM_MAP, PAGE_KERNEL_RO);
	if (readonly) {
		atomic_long_t *word = page_address(page);

		ret = written(word, word) == 2 && written(word, readonly) == 1 ?
		      -EAGAIN : -EIO;
		vunmap(readonly);
	}
	__free_page(page);
	return ret;
}
module_init(pgtag_word_init);

MODULE_DESCRIPTION("Writes to a page that is read-only");
MODULE_LICENSE("GPL");
