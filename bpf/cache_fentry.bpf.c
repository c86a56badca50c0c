/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
/* flags: -mcpu=v3 */
/* The page cache by fentry and fexit programs on the kernel's functions. */
#include "lib/begin-end.bpf.h"
#include "lib/cache-folios.bpf.h"
#include "lib/cache-refresh.bpf.h"
#include "lib/direct.bpf.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct vm_area_struct {
	struct file *vm_file;
};

struct vm_fault {
	struct vm_area_struct *vma;
	unsigned long pgoff;
};

#pragma clang attribute pop

/* filemap_map_pages() has mapped the page that the fault was for. */
#define VM_FAULT_NOPAGE 0x100

static __always_inline struct inode *inode_of(struct file *file)
{
	return file->f_mapping->host;
}

SEC("fentry/filemap_read")
int BPF_PROG(read_entered, struct kiocb *iocb, struct iov_iter *to, long before)
{
	return read_begins(inode_of(iocb->ki_filp), iocb->ki_pos, before, to->count);
}

SEC("fexit/filemap_read")
int BPF_PROG(read_left, struct kiocb *iocb, struct iov_iter *to, long before, long result)
{
	return read_ends(result);
}

static __always_inline int splice_begins(struct file *in, long long *position)
{
	long long at = 0;

	bpf_probe_read_kernel(&at, sizeof(at), position);
	return read_begins(inode_of(in), at, 0, 0);
}

SEC("fentry/filemap_splice_read")
int BPF_PROG(splice_entered, struct file *in, long long *position)
{
	return splice_begins(in, position);
}

SEC("fexit/filemap_splice_read")
int BPF_PROG(splice_left, struct file *in, long long *position, void *pipe, unsigned long bytes,
	     unsigned int flags, long result)
{
	return read_ends(result);
}

SEC("fentry/shmem_file_splice_read")
int BPF_PROG(memory_splice_entered, struct file *in, long long *position)
{
	return splice_begins(in, position);
}

SEC("fexit/shmem_file_splice_read")
int BPF_PROG(memory_splice_left, struct file *in, long long *position, void *pipe,
	     unsigned long bytes, unsigned int flags, long result)
{
	return read_ends(result);
}

SEC("fentry/shmem_file_read_iter")
int BPF_PROG(memory_read_entered, struct kiocb *iocb, struct iov_iter *to)
{
	return read_begins(inode_of(iocb->ki_filp), iocb->ki_pos, 0, 0);
}

SEC("fexit/shmem_file_read_iter")
int BPF_PROG(memory_read_left, struct kiocb *iocb, struct iov_iter *to, long result)
{
	return read_ends(result);
}

SEC("fentry/generic_perform_write")
int BPF_PROG(write_entered, struct kiocb *iocb, struct iov_iter *from)
{
	return file_write_begins(inode_of(iocb->ki_filp), iocb->ki_pos, from->count);
}

SEC("fexit/generic_perform_write")
int BPF_PROG(write_left, struct kiocb *iocb, struct iov_iter *from, long result)
{
	return file_write_ends(result);
}

SEC("fentry/iomap_file_buffered_write")
int BPF_PROG(iomap_write_entered, struct kiocb *iocb, struct iov_iter *from)
{
	return file_write_begins(inode_of(iocb->ki_filp), iocb->ki_pos, from->count);
}

/* Its last parameters differ by kernel: what it returned is asked for, not
 * taken from a place among them.
 */
SEC("fexit/iomap_file_buffered_write")
int BPF_PROG(iomap_write_left, struct kiocb *iocb)
{
	__u64 result = 0;

	if (bpf_get_func_ret(ctx, &result))
		return 0;
	return file_write_ends((long)result);
}

SEC("tp_btf/iomap_dio_rw_begin")
int BPF_PROG(direct_io, struct kiocb *iocb, struct iov_iter *iter)
{
	return direct_begins(inode_of(iocb->ki_filp), iocb->ki_pos, iter);
}

static __always_inline int fault_begins(struct vm_fault *fault)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct inode *inode = inode_of(fault->vma->vm_file);
	__u64 file = file_id(inode);
	struct page_counts *counts = use_of(inode, file, task);
	struct call *call = call_of(task);

	if (counts && call)
		page_faulted(task, call, counts, file, fault->pgoff);
	return 0;
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

SEC("fexit/filemap_map_pages")
int BPF_PROG(pages_mapped, struct vm_fault *fault, unsigned long first, unsigned long last,
	     unsigned int result)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct inode *inode = inode_of(fault->vma->vm_file);
	__u64 file = file_id(inode);
	struct page_counts *counts;
	struct call *call;

	if (!(result & VM_FAULT_NOPAGE))
		return 0;
	counts = use_of(inode, file, task);
	call = call_of(task);
	if (counts && call)
		pages_were_mapped_for(task, call, counts, file, fault->pgoff, first,
				      (__u64)last + 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
