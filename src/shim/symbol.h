/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Addresses of functions that are not exported, to hook them. Never to call
 * them: with kernel IBT a function whose address nobody takes has no ENDBR,
 * and a call through a pointer is a fault. tests/source/pointer-calls checks.
 */
#ifndef PGTAG_SHIM_SYMBOL_H
#define PGTAG_SHIM_SYMBOL_H

unsigned long pgtag_symbol_address(const char *name);

#endif
