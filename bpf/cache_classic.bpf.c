/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
/* flags: -mcpu=v3 */
/* The events of the page cache by classic tracepoints: records instead of
 * pointers, so a file is a device and a number. What else is needed of it comes
 * from the descriptor of the system call, where there is one.
 */
#define PEEK(pointer, field) BPF_CORE_READ(pointer, field)
#include "lib/cache-events.bpf.h"

/* Members by name: they moved in 7.1 (5a3d5928b1a4 "vfs: widen trace event i_ino fields
 * to u64").
 */
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct trace_event_raw_mm_filemap_op_page_cache {
	unsigned long i_ino;
	unsigned long index;
	__u32 s_dev;
	unsigned char order;
};

struct trace_event_raw_mm_filemap_op_page_cache_range {
	unsigned long i_ino;
	__u32 s_dev;
	unsigned long index;
	unsigned long last_index;
};

struct trace_event_raw_mm_filemap_fault {
	unsigned long i_ino;
	__u32 s_dev;
	unsigned long index;
};

struct trace_event_raw_page_cache_ra_op {
	unsigned long i_ino;
	__u32 s_dev;
	unsigned long index;
	unsigned long req_count;
};

#pragma clang attribute pop

/* A file as the records name it. */
struct numbered_file {
	__u64 id;
	__u64 number;
	__u32 device;
	__u32 zero;
};

static __always_inline struct numbered_file numbered(__u32 device, __u64 number)
{
	return (struct numbered_file){
		.id = mix(mix(0, device), number),
		.number = number,
		.device = device,
	};
}

/* The inode that the system call reads, if it is this one or lies above it on
 * overlayfs, which keeps the size.
 */
static __always_inline struct inode *inode_read(struct file *open, const struct numbered_file *file)
{
	struct inode *inode = BPF_CORE_READ(open, f_mapping, host);

	if (!inode)
		return NULL;
	if (BPF_CORE_READ(inode, i_ino) == file->number &&
	    BPF_CORE_READ(inode, i_sb, s_dev) == file->device)
		return inode;
	return is_overlay(inode) ? inode : NULL;
}

static __always_inline void note_numbered(const struct numbered_file *file,
					  struct task_struct *task)
{
	struct file_facts *facts = bpf_map_lookup_elem(&files, &file->id);

	if (facts)
		return;
	if (is_refused(map_add(&files, &file->id, &no_facts)))
		count_cache_loss(CACHE_LOSS_FILES_FULL, 1);
	facts = bpf_map_lookup_elem(&files, &file->id);
	if (!facts)
		return;
	facts->inode = file->number;
	facts->device = file->device;
	facts->pid = PEEK(task, tgid);
	facts->links = 1;
	/* Its size and its pages are not known. */
	facts->gone = 1;
	barrier();
	facts->is_whole = 1;
}

static __noinline struct page_counts *numbered_use(const struct numbered_file *file,
						   struct task_struct *task)
{
	struct use_key key = use_key_of(file->id, task);
	struct page_counts *counts = bpf_map_lookup_elem(&uses, &key);

	if (counts)
		return counts;
	note_numbered(file, task);
	return new_use(task, &key);
}

SEC("tracepoint/filemap/mm_filemap_get_pages")
int pages_got(struct trace_event_raw_mm_filemap_op_page_cache_range *event)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct syscall syscall = current_syscall(task);
	struct numbered_file file = numbered(event->s_dev, event->i_ino);
	__u64 index = event->index, end = (__u64)event->last_index + 1, first = index;
	struct file *open = open_file(task, read_descriptor(&syscall));
	struct inode *inode = inode_read(open, &file);
	struct page_counts *counts;
	struct call *call;

	if (inode) {
		__u64 pages = file_pages(inode);

		if (end > pages)
			end = pages;
		first = first_page(&syscall, open, index, page_shift);
	}
	if (index >= end)
		return 0;
	counts = numbered_use(&file, task);
	call = call_of(task);
	if (counts && call)
		read_goes_on(task, call, counts, file.id, first, index, end, &syscall);
	return 0;
}

SEC("tracepoint/filemap/mm_filemap_fault")
int page_fault(struct trace_event_raw_mm_filemap_fault *event)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct numbered_file file = numbered(event->s_dev, event->i_ino);
	struct page_counts *counts = numbered_use(&file, task);
	struct call *call = call_of(task);

	if (counts && call)
		page_faulted(task, call, counts, file.id, event->index);
	return 0;
}

SEC("tracepoint/filemap/mm_filemap_map_pages")
int pages_mapped(struct trace_event_raw_mm_filemap_op_page_cache_range *event)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct numbered_file file = numbered(event->s_dev, event->i_ino);
	struct page_counts *counts = numbered_use(&file, task);
	struct call *call = call_of(task);

	if (counts && call)
		pages_were_mapped(task, call, counts, file.id, event->index,
				  (__u64)event->last_index + 1);
	return 0;
}

SEC("tracepoint/filemap/mm_filemap_add_to_page_cache")
int page_inserted(struct trace_event_raw_mm_filemap_op_page_cache *event)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct numbered_file file = numbered(event->s_dev, event->i_ino);
	struct page_counts *counts = numbered_use(&file, task);
	struct call *call = call_of(task);
	__u64 first = event->index;

	if (counts && call)
		pages_were_inserted(task, call, counts, file.id, first,
				    first + (1ULL << (event->order & 31)));
	return 0;
}

SEC("tracepoint/filemap/mm_filemap_delete_from_page_cache")
int page_evicted(struct trace_event_raw_mm_filemap_op_page_cache *event)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct numbered_file file = numbered(event->s_dev, event->i_ino);
	struct page_counts *counts = numbered_use(&file, task);
	__u64 first = event->index, end = first + (1ULL << (event->order & 31));

	if (counts)
		pages_evicted(counts, file.id, first, end, end,
			      !!(PEEK(task, flags) & PF_MEMALLOC));
	return 0;
}

SEC("tracepoint/readahead/page_cache_sync_ra")
int read_ahead_begins(struct trace_event_raw_page_cache_ra_op *event)
{
	struct numbered_file file = numbered(event->s_dev, event->i_ino);

	return demand(bpf_get_current_task_btf(), file.id, event->index, event->req_count, 1);
}

SEC("tracepoint/readahead/page_cache_async_ra")
int read_ahead_goes_on(struct trace_event_raw_page_cache_ra_op *event)
{
	struct numbered_file file = numbered(event->s_dev, event->i_ino);

	return demand(bpf_get_current_task_btf(), file.id, event->index, event->req_count, 0);
}

SEC("tracepoint/sched/sched_process_exit")
int thread_ended(void *context)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct call *call = bpf_task_storage_get(&calls, task, 0, 0);

	if (call)
		end_read(task, call);
	return 0;
}

SEC("tracepoint/sched/sched_process_exec")
int process_replaced(void *context)
{
	struct task_struct *task = bpf_get_current_task_btf();

	update_command(process_id(task));
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
