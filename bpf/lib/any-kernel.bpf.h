/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_ANY_KERNEL_BPF_H
#define MEMTRACE_ANY_KERNEL_BPF_H

/* What modes that are for any kernel from 5.10 on have in common: what they do at
 * the kernel's functions, and raw tracepoints.
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

static __always_inline int fault_begins(struct vm_fault *fault)
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

/* Whether it maps the page that the fault is for, too, or fault_begins() is next for
 * the same fault: it is one access.
 */
static __always_inline int maps_around(struct vm_fault *fault, __u64 first, __u64 last)
{
	struct task_struct *task = current_task();
	struct inode *inode = inode_of(BPF_CORE_READ(fault, vma, vm_file));
	__u64 file = file_id(inode);
	struct page_counts *counts = use_of(inode, file, task);
	struct call *call = call_of(task);

	if (counts && call)
		pages_were_mapped_for(task, call, counts, file, BPF_CORE_READ(fault, pgoff), first,
				      last + 1);
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

#endif
