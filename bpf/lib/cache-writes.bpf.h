/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_CACHE_WRITES_BPF_H
#define MEMTRACE_CACHE_WRITES_BPF_H

/* Writes, by the tracepoints of the file systems that have one: there is none
 * for all. They fire before the pages are looked up.
 */
#include "lib/calls.bpf.h"

static __always_inline int pages_written(struct inode *inode, __u64 position, __u64 bytes)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 first = position >> page_shift;
	__u64 end = (position + bytes + (1ULL << page_shift) - 1) >> page_shift;
	__u64 file = file_id(inode), generation = write_generation(task);
	struct page_counts *counts = use_of(inode, file, task);
	struct address_space *mapping = PEEK(inode, i_mapping);
	struct call *call = call_of(task);

	if (!call || !counts || !bytes)
		return 0;
	/* The parts of one write() may share a page. */
	if (call->write_mapping == (__u64)mapping && call->write_generation == generation &&
	    first + 1 == call->write_end && first >= call->write_first)
		add_to(&counts->writes, end - first - 1);
	else
		add_to(&counts->writes, end - first);
	call->write_mapping = (__u64)mapping;
	call->write_generation = generation;
	call->write_first = first;
	call->write_end = end;
	return 0;
}

SEC("tp_btf/ext4_write_begin")
int BPF_PROG(ext4_write, struct inode *inode, long long position, unsigned int bytes)
{
	return pages_written(inode, position, bytes);
}

SEC("tp_btf/ext4_da_write_begin")
int BPF_PROG(ext4_delayed_write, struct inode *inode, long long position, unsigned int bytes)
{
	return pages_written(inode, position, bytes);
}

SEC("tp_btf/xfs_file_buffered_write")
int BPF_PROG(xfs_write, struct kiocb *iocb, struct iov_iter *iter)
{
	return pages_written(iocb->ki_filp->f_mapping->host, iocb->ki_pos, iter->count);
}

#endif
