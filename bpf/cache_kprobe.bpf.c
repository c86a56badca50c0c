/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
/* flags: -mcpu=v3 */
/* The page cache by kprobes on the kernel's functions, and raw tracepoints: from
 * 5.10 on, and where the kernel has no trampolines.
 */
#define ANY_KERNEL
#define PEEK(pointer, field) BPF_CORE_READ(pointer, field)
#include "lib/begin-end.bpf.h"
#include "lib/direct.bpf.h"
#include "lib/folio.bpf.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct vm_area_struct {
	struct file *vm_file;
};

struct vm_fault {
	struct vm_area_struct *vma;
	unsigned long pgoff;
};

#pragma clang attribute pop

static __always_inline struct inode *inode_of(struct file *file)
{
	return BPF_CORE_READ(file, f_mapping, host);
}

static __always_inline struct inode *inode_of_request(struct kiocb *iocb)
{
	return inode_of(BPF_CORE_READ(iocb, ki_filp));
}

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
	struct task_struct *task = current_task();
	struct inode *inode = inode_of(BPF_CORE_READ(fault, vma, vm_file));
	__u64 file = file_id(inode);
	struct page_counts *counts = use_of(inode, file, task);
	struct call *call = call_of(task);

	if (counts && call)
		page_faulted(task, call, counts, file, BPF_CORE_READ(fault, pgoff));
	return 0;
}

/* Whether it maps the page that the fault is for, too, or page_fault() is next for
 * the same fault: it is one access.
 */
SEC("kprobe")
int BPF_KPROBE(pages_mapped, struct vm_fault *fault, unsigned long first, unsigned long last)
{
	struct task_struct *task = current_task();
	struct inode *inode = inode_of(BPF_CORE_READ(fault, vma, vm_file));
	__u64 file = file_id(inode);
	struct page_counts *counts = use_of(inode, file, task);
	struct call *call = call_of(task);

	if (counts && call)
		pages_were_mapped_for(task, call, counts, file, BPF_CORE_READ(fault, pgoff), first,
				      (__u64)last + 1);
	return 0;
}

SEC("raw_tp/mm_filemap_add_to_page_cache")
int BPF_PROG(page_inserted, void *unit)
{
	struct cached_pages pages = cached_pages_of(unit);
	struct task_struct *task = current_task();
	struct page_counts *counts = use_of(pages.inode, pages.file, task);
	struct call *call = call_of(task);

	if (counts && call)
		pages_were_inserted(task, call, counts, pages.file, pages.first, pages.end);
	return 0;
}

SEC("raw_tp/mm_filemap_delete_from_page_cache")
int BPF_PROG(page_evicted, void *unit)
{
	struct cached_pages pages = cached_pages_of(unit);
	struct task_struct *task = current_task();
	struct page_counts *counts = use_of(pages.inode, pages.file, task);
	struct inode *inode = pages.inode;

	if (counts)
		pages_evicted(counts, pages.file, pages.first, pages.end,
			      PEEK(inode, i_nlink) ? file_pages(inode) : 0,
			      !!(PEEK(task, flags) & PF_MEMALLOC));
	return 0;
}

/* writeback_dirty_folio, and writeback_dirty_page before 5.16. */
SEC("raw_tp")
int BPF_PROG(page_dirtied, void *unit, struct address_space *mapping)
{
	struct cached_pages pages;
	struct task_struct *task = current_task();
	struct page_counts *counts;

	if (!mapping)
		return 0;
	pages = cached_pages_of(unit);
	counts = use_of(pages.inode, pages.file, task);
	if (counts)
		pages_were_dirtied(task, counts, pages.file, pages.first, pages.end - pages.first);
	return 0;
}

SEC("raw_tp/sched_process_exec")
int BPF_PROG(process_replaced, struct task_struct *task)
{
	update_command(process_id(task));
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
