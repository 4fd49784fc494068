/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The ioctls of /proc/allocinfo: the kernel's own interface of 7.3, with its names,
 * numbers and layouts, for programs that are built where no such header is
 * (there it is linux/alloc_tag.h; include one of the two).
 *
 * The tags have positions from 0 on. A program asks for the content id, for the
 * first tag it wants by its position, for those that follow one by one until
 * ENOENT, and for the content id again: if it is the same, the tags it has seen
 * are of one list.
 */
#ifndef PGTAG_UAPI_ALLOC_TAG_H
#define PGTAG_UAPI_ALLOC_TAG_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Of a longer name the end is what is told and compared. With its null byte. */
#define ALLOCINFO_STR_SIZE	64

/* Another one whenever tags changed their meaning; says nothing else. */
struct allocinfo_content_id {
	__u64 id;
};

/* Where a tag's allocations are made; modname is empty for the kernel itself. */
struct allocinfo_tag {
	char modname[ALLOCINFO_STR_SIZE];
	char function[ALLOCINFO_STR_SIZE];
	char filename[ALLOCINFO_STR_SIZE];
	__u64 lineno;
};

/* What it owns. Of the same size for programs of 32 bits. */
struct allocinfo_counter {
	__u64 bytes;
	__u64 calls;
	__u8 accurate;
	__u8 pad[7];
} __attribute__((aligned(8)));

struct allocinfo_tag_data {
	struct allocinfo_tag tag;
	struct allocinfo_counter counter;
};

/* What of a filter counts: a bit each in its mask. */
enum {
	ALLOCINFO_FILTER_MODNAME	= 0,
	ALLOCINFO_FILTER_FUNCTION	= 1,
	ALLOCINFO_FILTER_FILENAME	= 2,
	ALLOCINFO_FILTER_LINENO		= 3,
	ALLOCINFO_FILTER_INACCURATE	= 4,
	ALLOCINFO_FILTER_MIN_SIZE	= 5,
	ALLOCINFO_FILTER_MAX_SIZE	= 6,
};

#define ALLOCINFO_FILTER_MASK_MODNAME		(1 << ALLOCINFO_FILTER_MODNAME)
#define ALLOCINFO_FILTER_MASK_FUNCTION		(1 << ALLOCINFO_FILTER_FUNCTION)
#define ALLOCINFO_FILTER_MASK_FILENAME		(1 << ALLOCINFO_FILTER_FILENAME)
#define ALLOCINFO_FILTER_MASK_LINENO		(1 << ALLOCINFO_FILTER_LINENO)
#define ALLOCINFO_FILTER_MASK_INACCURATE	(1 << ALLOCINFO_FILTER_INACCURATE)
#define ALLOCINFO_FILTER_MASK_MIN_SIZE		(1 << ALLOCINFO_FILTER_MIN_SIZE)
#define ALLOCINFO_FILTER_MASK_MAX_SIZE		(1 << ALLOCINFO_FILTER_MAX_SIZE)

/* All of them. */
#define ALLOCINFO_FILTER_MASKS			0x7f

/* A tag passes if it is as each part says that the mask names. */
struct allocinfo_filter {
	__u64 mask;
	struct allocinfo_tag fields;
	__u64 min_size;		/* bytes */
	__u64 max_size;		/* bytes */
	__u64 inaccurate;	/* not 0: only tags whose counters are not accurate */
};

/* pos and filter are given, data is the answer. */
struct allocinfo_get_at {
	__u64 pos;		/* among the tags that pass */
	struct allocinfo_filter filter;
	struct allocinfo_tag_data data;
};

#define ALLOCINFO_IOC_BASE		0xA6
#define ALLOCINFO_IOC_CONTENT_ID	_IOR(ALLOCINFO_IOC_BASE, 0, struct allocinfo_content_id)
#define ALLOCINFO_IOC_GET_AT		_IOWR(ALLOCINFO_IOC_BASE, 1, struct allocinfo_get_at)
#define ALLOCINFO_IOC_GET_NEXT		_IOR(ALLOCINFO_IOC_BASE, 2, struct allocinfo_tag_data)

#endif
