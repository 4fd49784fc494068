/* SPDX-License-Identifier: GPL-2.0 */
/* Frame records need no frame pointer. */
#ifndef PGTAG_ARCH_POINTER_H
#define PGTAG_ARCH_POINTER_H

#define pgtag_return_pointer()	0UL

#endif
