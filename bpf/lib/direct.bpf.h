/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_DIRECT_BPF_H
#define MEMTRACE_DIRECT_BPF_H

/* Direct I/O, which passes by the page cache. */
#include "lib/writes.bpf.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* Before 5.14 (8cd54c1c8480 "iov_iter: separate direction from flavour"). */
struct iov_iter___typed {
	unsigned int type;
};

#pragma clang attribute pop

#define ITER_WRITE 1

static __always_inline int is_written_from(struct iov_iter *iter)
{
	if (bpf_core_field_exists(iter->data_source))
		return PEEK(iter, data_source);
	return PEEK((struct iov_iter___typed *)iter, type) & ITER_WRITE;
}

/* As much as is asked for: of a read, what the file has. */
static __always_inline int direct_begins(struct inode *inode, __u64 position, struct iov_iter *iter)
{
	struct task_struct *task = current_task();
	struct page_counts *counts = use_of(inode, file_id(inode), task);
	__u64 first = position >> page_shift, pages = file_pages(inode);
	__u64 end = page_end(position + PEEK(iter, count));

	if (end > pages && !is_written_from(iter))
		end = pages;
	if (counts && first < end)
		add_to(&counts->direct, end - first);
	return 0;
}

#endif
