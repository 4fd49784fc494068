/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the pure parts (layout, index codec, names, parameters) need from the
 * world around them. They compile in the kernel and in the unit tests.
 */
#ifndef PGTAG_PURE_H
#define PGTAG_PURE_H

#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>
#else
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint32_t u32;
typedef uint64_t u64;

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#endif

#endif
