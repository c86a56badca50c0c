/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
/* flags: -mcpu=v3 */
/* The page cache by fentry and fexit programs where it is not of folios yet, from
 * 5.10 on: no two calls that are under way at once are too many, as for kprobes.
 */
#include "lib/any-kernel.bpf.h"

/* filemap_read() since 5.12. */
SEC("fentry/generic_file_buffered_read")
int BPF_PROG(read_entered, struct kiocb *iocb, struct iov_iter *to, long before)
{
	return read_begins(inode_of_request(iocb), BPF_CORE_READ(iocb, ki_pos), before,
			   BPF_CORE_READ(to, count));
}

SEC("fexit/generic_file_buffered_read")
int BPF_PROG(read_left, struct kiocb *iocb, struct iov_iter *to, long before, long result)
{
	return read_ends(result);
}

SEC("fentry/shmem_file_read_iter")
int BPF_PROG(memory_read_entered, struct kiocb *iocb, struct iov_iter *to)
{
	return read_begins(inode_of_request(iocb), BPF_CORE_READ(iocb, ki_pos), 0, 0);
}

SEC("fexit/shmem_file_read_iter")
int BPF_PROG(memory_read_left, struct kiocb *iocb, struct iov_iter *to, long result)
{
	return read_ends(result);
}

SEC("fentry/generic_perform_write")
int BPF_PROG(write_entered, struct file *file, struct iov_iter *from, long long position)
{
	return file_write_begins(inode_of(file), position, BPF_CORE_READ(from, count));
}

SEC("fexit/generic_perform_write")
int BPF_PROG(write_left, struct file *file, struct iov_iter *from, long long position, long result)
{
	return file_write_ends(result);
}

SEC("fentry/iomap_file_buffered_write")
int BPF_PROG(iomap_write_entered, struct kiocb *iocb, struct iov_iter *from)
{
	return file_write_begins(inode_of_request(iocb), BPF_CORE_READ(iocb, ki_pos),
				 BPF_CORE_READ(from, count));
}

SEC("fexit/iomap_file_buffered_write")
int BPF_PROG(iomap_write_left, struct kiocb *iocb, struct iov_iter *from, void *operations,
	     long result)
{
	return file_write_ends(result);
}

SEC("fentry/__iomap_dio_rw")
int BPF_PROG(direct_io, struct kiocb *iocb, struct iov_iter *iter)
{
	return direct_begins(inode_of_request(iocb), BPF_CORE_READ(iocb, ki_pos), iter);
}

SEC("fentry/filemap_fault")
int BPF_PROG(fault_entered, struct vm_fault *fault)
{
	return fault_begins(fault);
}

SEC("fentry/shmem_fault")
int BPF_PROG(memory_fault_entered, struct vm_fault *fault)
{
	return fault_begins(fault);
}

SEC("fentry/filemap_map_pages")
int BPF_PROG(pages_mapped, struct vm_fault *fault, unsigned long first, unsigned long last)
{
	return maps_around(fault, first, last);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
