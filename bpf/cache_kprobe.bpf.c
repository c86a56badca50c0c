/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
/* flags: -mcpu=v3 */
/* The page cache by kprobes on the kernel's functions, and raw tracepoints: from
 * 5.10 on, and where the kernel has no trampolines.
 */
#include "lib/any-kernel.bpf.h"

/* filemap_read(), and generic_file_buffered_read() before 5.12. */
SEC("kprobe")
int BPF_KPROBE(read_entered, struct kiocb *iocb, struct iov_iter *to, long before)
{
	return read_begins(inode_of_request(iocb), BPF_CORE_READ(iocb, ki_pos), before,
			   BPF_CORE_READ(to, count));
}

SEC("kprobe")
int BPF_KPROBE(memory_read_entered, struct kiocb *iocb)
{
	return read_begins(inode_of_request(iocb), BPF_CORE_READ(iocb, ki_pos), 0, 0);
}

SEC("kprobe")
int BPF_KPROBE(splice_entered, struct file *in, long long *position)
{
	long long at = 0;

	bpf_probe_read_kernel(&at, sizeof(at), position);
	return read_begins(inode_of(in), at, 0, 0);
}

SEC("kretprobe")
int BPF_KRETPROBE(read_left, long result)
{
	return read_ends(result);
}

/* generic_perform_write() since 5.18, iomap_file_buffered_write() always. */
SEC("kprobe")
int BPF_KPROBE(write_entered, struct kiocb *iocb, struct iov_iter *from)
{
	return file_write_begins(inode_of_request(iocb), BPF_CORE_READ(iocb, ki_pos),
				 BPF_CORE_READ(from, count));
}

/* generic_perform_write() before (800ba29547e1 "fs: Pass an iocb to
 * generic_perform_write()").
 */
SEC("kprobe")
int BPF_KPROBE(write_at_entered, struct file *file, struct iov_iter *from, long long position)
{
	return file_write_begins(inode_of(file), position, BPF_CORE_READ(from, count));
}

SEC("kretprobe")
int BPF_KRETPROBE(write_left, long result)
{
	return file_write_ends(result);
}

/* __iomap_dio_rw(), and iomap_dio_rw() before 5.10. */
SEC("kprobe")
int BPF_KPROBE(direct_io, struct kiocb *iocb, struct iov_iter *iter)
{
	return direct_begins(inode_of_request(iocb), BPF_CORE_READ(iocb, ki_pos), iter);
}

SEC("kprobe")
int BPF_KPROBE(page_fault, struct vm_fault *fault)
{
	return fault_begins(fault);
}

SEC("kprobe")
int BPF_KPROBE(pages_mapped, struct vm_fault *fault, unsigned long first, unsigned long last)
{
	return maps_around(fault, first, last);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
