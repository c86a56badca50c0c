/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
/* flags: -mcpu=v3 */
/* The page cache by BTF tracepoints alone (6.12 and later): which pages a read
 * accesses is told by mm_filemap_get_pages, once for each batch of folios and
 * with all the rest of the request; which of them it waited for, by what it
 * inserted meanwhile.
 */
#include "lib/calls.bpf.h"
#include "lib/cache-refresh.bpf.h"
#include "lib/cache-writes.bpf.h"
#include "lib/syscall.bpf.h"

/* page_cache_sync_ra and page_cache_async_ra are there (6.18): read-ahead for a
 * read is told from that of fadvise() and madvise().
 */
const volatile __u8 sees_demand = 0;

#define NO_INDEX (~0ULL)

struct long_read {
	struct page_counts *counts;
	__u64 file;
	__u64 first;
	__u64 end;
	__u64 inserter;
};

static long read_part(__u32 part, void *context)
{
	struct long_read *read = context;
	__u64 first = read->first + (__u64)part * MAX_RUN_PAGES, end = first + MAX_RUN_PAGES;

	if (end > read->end)
		end = read->end;
	if (first < end)
		pages_read(read->counts, read->file, first, end, read->inserter);
	return first >= end;
}

/* Pages [first, end), however many. */
static __always_inline void pages_read_long(struct page_counts *counts, __u64 file, __u64 first,
					    __u64 end, __u64 inserter)
{
	struct long_read read = {
		.counts = counts,
		.file = file,
		.first = first,
		.end = end,
		.inserter = inserter,
	};

	if (end - first <= MAX_RUN_PAGES)
		pages_read(counts, file, first, end, inserter);
	else
		bpf_loop((end - first + MAX_RUN_PAGES - 1) / MAX_RUN_PAGES, read_part, &read, 0);
}

/* What is left of a read that is over. */
static __always_inline void end_read(struct task_struct *task, struct call *call)
{
	__u64 first = call->end, end = call->want;
	struct page_counts *counts;

	/* Two may try: the thread itself and the reader of the tables. */
	if (first >= end || !__sync_bool_compare_and_swap(&call->want, end, first))
		return;
	counts = known_use(call->file, task);
	if (counts)
		pages_read_long(counts, call->file, first, end,
				inserter_of(task, call->generation));
}

/* Where the read that is about to be counted began. The first batch has no event
 * if its last folio was still on its way: its pages lie before `index`.
 */
static __always_inline __u64 first_page(struct task_struct *task, const struct syscall *syscall,
					struct address_space *mapping, __u64 index)
{
	__u64 position = read_position(task, syscall, mapping), first = position >> page_shift;

	return position == NO_POSITION || first > index ? index : first;
}

SEC("tp_btf/mm_filemap_get_pages")
int BPF_PROG(pages_got, struct address_space *mapping, unsigned long index, unsigned long last)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct inode *inode = mapping->host;
	__u64 end = (__u64)last + 1, pages = file_pages(inode), from, to, file;
	struct call *call = call_of(task);
	struct page_counts *counts;
	int goes_on;

	if (end > pages)
		end = pages;
	if (!call || index >= end)
		return 0;
	goes_on = call->mapping == (__u64)mapping &&
		  call->generation == read_generation(task, call) && index > call->index;
	if (!goes_on || end > call->want || index > call->want) {
		struct syscall syscall = current_syscall(task);

		/* A part may begin behind the last: the event of its first batch is lost. */
		goes_on = goes_on && reads_in_parts(&syscall);
		if (!goes_on) {
			end_read(task, call);
			/* A read that the thread's statistics do not count. */
			if (call->generation == read_generation(task, call) &&
			    call->demand_generation != call->generation)
				call->uncounted_reads++;
			call->mapping = (__u64)mapping;
			call->file = file_id(inode);
			call->generation = read_generation(task, call);
			call->first = first_page(task, &syscall, mapping, index);
			call->end = call->first;
		}
		call->want = end;
	}
	file = call->file;
	call->index = index;
	call->demand_generation = 0;
	/* A long request is counted as it gets on, not at its beginning. */
	from = call->end;
	to = index + MAX_RUN_PAGES;
	if (to > call->want)
		to = call->want;
	if (from >= to)
		return 0;
	counts = use_of(inode, file, task);
	if (counts)
		pages_read_long(counts, file, from, to, inserter_of(task, call->generation));
	call->end = to;
	return 0;
}

/* Read-ahead for a read: what is inserted until its next event is its own. */
static __always_inline int demand(unsigned long index, int begins)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct call *call = call_of(task);
	struct syscall syscall;

	if (!call)
		return 0;
	if (call->generation == read_generation(task, call) && index != call->demand_index &&
	    (index >= call->want || (begins && index <= call->index))) {
		/* Of another read, which the thread's statistics do not tell from the last. */
		syscall = current_syscall(task);
		if (!reads_in_parts(&syscall))
			call->uncounted_reads++;
	}
	call->demand_index = index;
	call->demand_generation = read_generation(task, call);
	return 0;
}

/* A read found no page where it began, or in its middle. */
SEC("tp_btf/page_cache_sync_ra")
int BPF_PROG(read_ahead_begins, struct inode *inode, unsigned long index)
{
	return demand(index, 1);
}

SEC("tp_btf/page_cache_async_ra")
int BPF_PROG(read_ahead_goes_on, struct inode *inode, unsigned long index)
{
	return demand(index, 0);
}

/* A fault on a file mapping that found no page to map at once; before the page
 * is looked up.
 */
SEC("tp_btf/mm_filemap_fault")
int BPF_PROG(page_fault, struct address_space *mapping, unsigned long index)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 generation = fault_generation(task), file;
	struct inode *inode = mapping->host;
	struct call *call = call_of(task);
	struct page_counts *counts;

	if (!call)
		return 0;
	/* Counted already: by pages_mapped(), or it is tried again. */
	if (call->fault_generation == generation && call->fault_mapping == (__u64)mapping) {
		call->fault_index = index;
		return 0;
	}
	call->fault_generation = generation;
	call->fault_mapping = (__u64)mapping;
	call->fault_index = index;
	call->fault_read_ahead = 0;
	file = file_id(inode);
	counts = use_of(inode, file, task);
	if (!counts)
		return 0;
	add_to(&counts->accesses, 1);
	add_to(&counts->faults, 1);
	if ((__u32)take_unread(file, index, (__u64)index + 1, 0)) {
		call->fault_read_ahead = 1;
		add_to(&counts->read_ahead, 1);
	}
	return 0;
}

/* Cached pages around the one that a fault is for are mapped: one access. Which
 * of them are used later cannot be seen, so none is unread any more.
 */
SEC("tp_btf/mm_filemap_map_pages")
int BPF_PROG(pages_mapped, struct address_space *mapping, unsigned long first, unsigned long last)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 generation = fault_generation(task), end = (__u64)last + 1, file, unread;
	struct inode *inode = mapping->host;
	struct call *call = call_of(task);
	struct page_counts *counts;

	if (!call)
		return 0;
	if (end > (__u64)first + MAX_RUN_PAGES)
		end = (__u64)first + MAX_RUN_PAGES;
	file = file_id(inode);
	unread = (__u32)take_unread(file, first, end, 0);
	if (call->fault_generation == generation && call->fault_mapping == (__u64)mapping)
		return 0;
	call->fault_generation = generation;
	call->fault_mapping = (__u64)mapping;
	call->fault_index = NO_INDEX;
	call->fault_read_ahead = !!unread;
	counts = use_of(inode, file, task);
	if (!counts)
		return 0;
	add_to(&counts->accesses, 1);
	add_to(&counts->faults, 1);
	add_to(&counts->read_ahead, call->fault_read_ahead);
	return 0;
}

SEC("tp_btf/mm_filemap_add_to_page_cache")
int BPF_PROG(page_inserted, struct folio *folio)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct address_space *mapping = folio->mapping;
	struct inode *inode = mapping->host;
	struct call *call = call_of(task);
	__u64 first = folio->index, end = first + folio_pages(folio);
	__u64 taken_first = end, taken_end = end, file, generation, inserter = 0;
	struct page_counts *counts;
	struct inserted inserted = {};

	if (!call)
		return 0;
	if (end > first + MAX_RUN_PAGES)
		count_cache_loss(CACHE_LOSS_LONG_CALL, end - first - MAX_RUN_PAGES);
	file = file_id(inode);
	counts = use_of(inode, file, task);
	if (!counts)
		return 0;
	generation = read_generation(task, call);
	if (call->fault_generation == fault_generation(task) &&
	    call->fault_mapping == (__u64)mapping) {
		if (call->fault_index >= first && call->fault_index < end) {
			taken_first = call->fault_index;
			taken_end = taken_first + 1;
			inserted.fault = 1;
			call->fault_index = NO_INDEX;
			if (call->fault_read_ahead)
				__sync_fetch_and_add(&counts->read_ahead, -1);
			call->fault_read_ahead = 0;
		}
	} else if (call->write_mapping == (__u64)mapping &&
		   call->write_generation == write_generation(task) &&
		   overlap(first, end, call->write_first, call->write_end)) {
		taken_first = first > call->write_first ? first : call->write_first;
		taken_end = end < call->write_end ? end : call->write_end;
		inserted.written = taken_end - taken_first;
	} else {
		if (!sees_demand || call->demand_generation == generation)
			inserter = inserter_of(task, generation);
		else
			inserter = writer_of(task);
		if (call->mapping == (__u64)mapping && call->generation == generation &&
		    overlap(first, end, call->index, call->end)) {
			taken_first = first > call->index ? first : call->index;
			taken_end = end < call->end ? end : call->end;
			inserted.read = taken_end - taken_first;
		}
	}
	book_inserted(counts, end - first, &inserted, take_evicted(file, first, end));
	if (first < taken_first)
		mark_unread(file, first, taken_first, inserter);
	if (taken_end < end)
		mark_unread(file, taken_end, end, inserter);
	return 0;
}

SEC("tp_btf/mm_filemap_delete_from_page_cache")
int BPF_PROG(page_evicted, struct folio *folio)
{
	struct address_space *mapping = folio->mapping;
	__u64 first = folio->index;

	pages_evicted(mapping->host, first, first + folio_pages(folio), bpf_get_current_task_btf());
	return 0;
}

/* Where no tracepoint tells of the write: a page that it inserted turns dirty
 * before it ends.
 */
SEC("tp_btf/writeback_dirty_folio")
int BPF_PROG(page_dirtied, struct folio *folio, struct address_space *mapping)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 first = folio->index, pages = folio_pages(folio), file, written;
	struct inode *inode;
	struct page_counts *counts;

	if (!mapping)
		return 0;
	inode = mapping->host;
	file = file_id(inode);
	counts = use_of(inode, file, task);
	if (!counts)
		return 0;
	add_to(&counts->dirtied, pages);
	written = take_unread(file, first, first + pages, writer_of(task)) >> 32;
	add_to(&counts->write_misses, written);
	add_to(&counts->filled, -written);
	return 0;
}

SEC("tp_btf/iomap_dio_rw_begin")
int BPF_PROG(direct_io, struct kiocb *iocb, struct iov_iter *iter)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct inode *inode = iocb->ki_filp->f_mapping->host;
	struct page_counts *counts = use_of(inode, file_id(inode), task);
	__u64 first = iocb->ki_pos >> page_shift, pages = file_pages(inode);
	__u64 end = page_end(iocb->ki_pos + iter->count);

	if (end > pages && !iter->data_source)
		end = pages;
	if (counts && first < end)
		add_to(&counts->direct, end - first);
	return 0;
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
