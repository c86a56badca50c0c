/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_CACHE_WRITES_BPF_H
#define MEMTRACE_CACHE_WRITES_BPF_H

/* Writes, by the tracepoints of the file systems that have them: there is none
 * for all.
 */
#include "lib/calls.bpf.h"

static __always_inline __u64 page_end(__u64 position)
{
	return (position + (1ULL << page_shift) - 1) >> page_shift;
}

/* Pages are looked up for a write: those that are inserted now are for it. More
 * may be asked for than the folio that is found can hold.
 */
static __always_inline int write_begins(struct inode *inode, __u64 position, __u64 bytes)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 generation = write_generation(task), file = file_id(inode);
	struct call *call = call_of(task);

	if (!call)
		return 0;
	if (call->write_generation != generation || call->write_file != file)
		call->written_end = 0;
	call->write_file = file;
	call->write_generation = generation;
	call->write_first = position >> page_shift;
	call->write_end = page_end(position + bytes);
	return 0;
}

/* The parts of one write() may share a page. */
static __always_inline int write_ends(struct inode *inode, __u64 position, __u64 bytes)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 first = position >> page_shift, end = page_end(position + bytes);
	struct page_counts *counts = use_of(inode, file_id(inode), task);
	struct call *call = call_of(task);

	if (!call || !counts || !bytes)
		return 0;
	if (call->written_end == first + 1)
		first++;
	add_to(&counts->writes, end - first);
	call->written_end = end;
	return 0;
}

SEC("tp_btf/ext4_write_begin")
int BPF_PROG(ext4_write, struct inode *inode, long long position, unsigned int bytes)
{
	return write_begins(inode, position, bytes);
}

SEC("tp_btf/ext4_da_write_begin")
int BPF_PROG(ext4_delayed_write, struct inode *inode, long long position, unsigned int bytes)
{
	return write_begins(inode, position, bytes);
}

SEC("tp_btf/ext4_write_end")
int BPF_PROG(ext4_written, struct inode *inode, long long position, unsigned int bytes,
	     unsigned int copied)
{
	return write_ends(inode, position, copied);
}

SEC("tp_btf/ext4_da_write_end")
int BPF_PROG(ext4_delayed_written, struct inode *inode, long long position, unsigned int bytes,
	     unsigned int copied)
{
	return write_ends(inode, position, copied);
}

SEC("tp_btf/ext4_journalled_write_end")
int BPF_PROG(ext4_journalled, struct inode *inode, long long position, unsigned int bytes,
	     unsigned int copied)
{
	return write_ends(inode, position, copied);
}

/* Once for each write(). */
SEC("tp_btf/xfs_file_buffered_write")
int BPF_PROG(xfs_write, struct kiocb *iocb, struct iov_iter *iter)
{
	struct inode *inode = iocb->ki_filp->f_mapping->host;

	write_begins(inode, iocb->ki_pos, iter->count);
	return write_ends(inode, iocb->ki_pos, iter->count);
}

#endif
