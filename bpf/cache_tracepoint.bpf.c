/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
/* flags: -mcpu=v3 */
/* The events of the page cache by BTF tracepoints. */
#include "lib/cache-events.bpf.h"
#include "lib/cache-folios.bpf.h"
#include "lib/cache-refresh.bpf.h"
#include "lib/cache-writes.bpf.h"
#include "lib/direct.bpf.h"

static __always_inline __u64 first_page_of(struct task_struct *task, const struct syscall *syscall,
					   struct address_space *mapping, __u64 index)
{
	struct file *open = open_file(task, read_descriptor(syscall));
	struct address_space *read = BPF_CORE_READ(open, f_mapping);

	if (read != mapping && !is_overlay(BPF_CORE_READ(read, host)))
		return index;
	return first_page(syscall, open, index, page_shift);
}

SEC("tp_btf/mm_filemap_get_pages")
int BPF_PROG(pages_got, struct address_space *mapping, unsigned long index, unsigned long last)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct syscall syscall = current_syscall(task);
	struct inode *inode = mapping->host;
	__u64 end = (__u64)last + 1, pages = file_pages(inode), file = file_id(inode);
	struct page_counts *counts;
	struct call *call;

	if (end > pages)
		end = pages;
	if (index >= end)
		return 0;
	counts = use_of(inode, file, task);
	call = call_of(task);
	if (counts && call)
		read_goes_on(task, call, counts, file,
			     first_page_of(task, &syscall, mapping, index), index, end, &syscall);
	return 0;
}

SEC("tp_btf/page_cache_sync_ra")
int BPF_PROG(read_ahead_begins, struct inode *inode, unsigned long index, void *state,
	     unsigned long pages)
{
	return demand(bpf_get_current_task_btf(), file_id(inode), index, pages, 1);
}

SEC("tp_btf/page_cache_async_ra")
int BPF_PROG(read_ahead_goes_on, struct inode *inode, unsigned long index, void *state,
	     unsigned long pages)
{
	return demand(bpf_get_current_task_btf(), file_id(inode), index, pages, 0);
}

SEC("tp_btf/mm_filemap_fault")
int BPF_PROG(page_fault, struct address_space *mapping, unsigned long index)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct inode *inode = mapping->host;
	__u64 file = file_id(inode);
	struct page_counts *counts = use_of(inode, file, task);
	struct call *call = call_of(task);

	if (counts && call)
		page_faulted(task, call, counts, file, index);
	return 0;
}

SEC("tp_btf/mm_filemap_map_pages")
int BPF_PROG(pages_mapped, struct address_space *mapping, unsigned long first, unsigned long last)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct inode *inode = mapping->host;
	__u64 file = file_id(inode);
	struct page_counts *counts = use_of(inode, file, task);
	struct call *call = call_of(task);

	if (counts && call)
		pages_were_mapped(task, call, counts, file, first, (__u64)last + 1);
	return 0;
}

SEC("tp_btf/iomap_dio_rw_begin")
int BPF_PROG(direct_io, struct kiocb *iocb, struct iov_iter *iter)
{
	return direct_begins(iocb->ki_filp->f_mapping->host, iocb->ki_pos, iter);
}

/* Reads by io_uring do not count in the thread's statistics. */
SEC("tp_btf/io_uring_submit_req")
int BPF_PROG(request_submitted, struct io_kiocb *request)
{
	struct call *call = bpf_task_storage_get(&calls, bpf_get_current_task_btf(), 0, 0);

	if (call)
		call->uncounted_reads++;
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(thread_ended, struct task_struct *task)
{
	struct call *call = bpf_task_storage_get(&calls, task, 0, 0);

	if (call)
		end_read(task, call);
	return 0;
}

/* Reads that are over, and whose rest nobody has counted. */
SEC("iter/task")
int end_reads(struct bpf_iter__task *iterator)
{
	struct task_struct *task = iterator->task;
	struct call *call;

	if (!task)
		return 0;
	call = bpf_task_storage_get(&calls, task, 0, 0);
	if (call && call->generation != read_generation(task, call))
		end_read(task, call);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
