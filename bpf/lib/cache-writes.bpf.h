/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_CACHE_WRITES_BPF_H
#define MEMTRACE_CACHE_WRITES_BPF_H

/* Writes, by the tracepoints of the file systems that have them: there is none
 * for all.
 */
#include "lib/writes.bpf.h"

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
