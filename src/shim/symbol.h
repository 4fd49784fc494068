/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is not exported: addresses of functions, to hook them, places of code, to
 * compare addresses with, and content of data. Never to call a function: with kernel
 * IBT one whose address nobody takes has no ENDBR, and a call through a pointer is a
 * fault.
 * tests/source/pointer-calls checks.
 */
#ifndef PGTAG_SHIM_SYMBOL_H
#define PGTAG_SHIM_SYMBOL_H

#include <linux/types.h>

unsigned long pgtag_symbol_place(const char *name);
unsigned long pgtag_symbol_address(const char *name);
bool pgtag_symbol_read(const char *name, size_t offset, void *to, size_t size);

#endif
