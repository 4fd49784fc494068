/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pages that their driver moves itself (balloons, zsmalloc, z3fold): until 6.16
 * their mapping said so, now a flag does.
 */
#ifndef PGTAG_SHIM_MOVABLE_H
#define PGTAG_SHIM_MOVABLE_H

#include <linux/page-flags.h>

#ifdef PAGE_MAPPING_MOVABLE
#define pgtag_has_movable_ops(page)	__PageMovable(page)
#else
#define pgtag_has_movable_ops(page)	page_has_movable_ops(page)
#endif

#endif
