/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_CACHE_WRITES_BPF_H
#define MEMTRACE_CACHE_WRITES_BPF_H

/* Writes, by the tracepoints of the file systems that have them: there is none
 * for all. What a module gives may be null, as far as the kernel knows, from 6.13
 * on (838a10bd2ebf "bpf: Augment raw_tp arguments with PTR_MAYBE_NULL").
 */
#include "lib/writes.bpf.h"

SEC("tp_btf/ext4_write_begin")
int BPF_PROG(ext4_write, struct inode *inode, long long position, unsigned int bytes)
{
	return inode ? write_begins(inode, position, bytes) : 0;
}

SEC("tp_btf/ext4_da_write_begin")
int BPF_PROG(ext4_delayed_write, struct inode *inode, long long position, unsigned int bytes)
{
	return inode ? write_begins(inode, position, bytes) : 0;
}

SEC("tp_btf/ext4_write_end")
int BPF_PROG(ext4_written, struct inode *inode, long long position, unsigned int bytes,
	     unsigned int copied)
{
	return inode ? write_ends(inode, position, copied) : 0;
}

SEC("tp_btf/ext4_da_write_end")
int BPF_PROG(ext4_delayed_written, struct inode *inode, long long position, unsigned int bytes,
	     unsigned int copied)
{
	return inode ? write_ends(inode, position, copied) : 0;
}

SEC("tp_btf/ext4_journalled_write_end")
int BPF_PROG(ext4_journalled, struct inode *inode, long long position, unsigned int bytes,
	     unsigned int copied)
{
	return inode ? write_ends(inode, position, copied) : 0;
}

/* Once for each write(). */
SEC("tp_btf/xfs_file_buffered_write")
int BPF_PROG(xfs_write, struct kiocb *iocb, struct iov_iter *iter)
{
	struct inode *inode;

	if (!iocb || !iter)
		return 0;
	inode = iocb->ki_filp->f_mapping->host;
	write_begins(inode, iocb->ki_pos, iter->count);
	return write_ends(inode, iocb->ki_pos, iter->count);
}

#endif
