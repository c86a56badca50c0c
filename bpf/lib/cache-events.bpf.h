/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_CACHE_EVENTS_BPF_H
#define MEMTRACE_CACHE_EVENTS_BPF_H

/* The page cache by the kernel's tracepoints alone (6.12 and later): which pages
 * a read accesses is told by mm_filemap_get_pages, once for each batch of folios
 * and with all the rest of the request; which of them it waited for, by what it
 * inserted meanwhile. Whatever carries the events, they come here.
 */
#include "lib/calls.bpf.h"
#include "lib/syscall.bpf.h"

/* Read-ahead for a read is told from that of fadvise() and madvise(): where the
 * read's begin and end are seen, and where page_cache_sync_ra and
 * page_cache_async_ra are there (6.18).
 */
const volatile __u8 sees_demand = 0;
/* How far a request is counted ahead of where it is: what is not counted then is
 * counted as it gets on, and by end_read().
 */
const volatile __u64 pages_ahead = MAX_RUN_PAGES;

#define NO_INDEX (~0ULL)

struct long_read {
	struct page_counts *counts;
	__u64 file;
	__u64 first;
	__u64 end;
	__u64 inserter;
};

#ifdef ANY_KERNEL
/* bpf_loop() came with 5.17. */
#define MAX_READ_PARTS 256

/* The first of the pages [first, end), at most MAX_RUN_PAGES. */
VERIFIED_ONCE int read_part(__u64 file, __u64 first, __u64 end, __u64 inserter)
{
	struct page_counts *counts = known_use(file, current_task());

	if (end > first + MAX_RUN_PAGES)
		end = first + MAX_RUN_PAGES;
	if (counts)
		pages_read(counts, file, first, end, inserter);
	return 0;
}

/* Pages [first, end), up to 512 MiB of them by one call. */
static __always_inline void pages_read_long(struct page_counts *counts, __u64 file, __u64 first,
					    __u64 end, __u64 inserter)
{
	for (int i = 0; i < MAX_READ_PARTS && first < end; i++, first += MAX_RUN_PAGES)
		read_part(file, first, end, inserter);
	if (first < end)
		count_cache_loss(CACHE_LOSS_LONG_CALL, end - first);
}
#else
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
#endif

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

/* Pages [index, end) are what is left of a read that began at `first`. */
static __always_inline void read_goes_on(struct task_struct *task, struct call *call,
					 struct page_counts *counts, __u64 file, __u64 first,
					 __u64 index, __u64 end, const struct syscall *syscall)
{
	__u64 generation = read_generation(task, call), from, to;
	int goes_on = call->file == file && call->generation == generation && index > call->index;

	/* A part may begin behind the last: the event of its first batch is lost. */
	if (goes_on && (end > call->want || index > call->want))
		goes_on = reads_in_parts(syscall);
	if (!goes_on) {
		end_read(task, call);
		/* A read that the thread's statistics do not count. */
		if (call->file == file && call->generation == generation &&
		    call->demand_generation != generation)
			call->uncounted_reads++;
		call->file = file;
		call->generation = read_generation(task, call);
		call->end = first;
		call->want = end;
	}
	if (call->want < end)
		call->want = end;
	call->index = index;
	call->demand_generation = 0;
	/* A long request is counted as it gets on, not at its beginning. */
	from = call->end;
	to = index + pages_ahead;
	if (to > call->want)
		to = call->want;
	if (from >= to)
		return;
	pages_read_long(counts, file, from, to, inserter_of(task, call->generation));
	call->end = to;
}

/* Read-ahead for a read that is to get `pages` from `index` on: what is inserted
 * until its next event is its own. `begins`: the read found no page where it
 * began, or in its middle.
 */
static __always_inline int demand(struct task_struct *task, __u64 file, __u64 index, __u64 pages,
				  int begins)
{
	struct syscall syscall = current_syscall(task);
	struct call *call = call_of(task);

	/* A fault's own: it may happen within a read. */
	if (!call || call->fault_generation == fault_generation(task))
		return 0;
	if (call->file == file && call->generation == read_generation(task, call) &&
	    index != call->demand_index &&
	    (index >= call->want || (begins && index <= call->index))) {
		/* Of another read, which the thread's statistics do not tell from the last. */
		if (!reads_in_parts(&syscall))
			call->uncounted_reads++;
	}
	call->demand_file = file;
	call->demand_index = index;
	/* Others ask for read-ahead without a read, of directories for one. */
	call->demand_end = read_descriptor(&syscall) == NO_DESCRIPTOR ? index : index + pages;
	call->demand_generation = read_generation(task, call);
	return 0;
}

/* A fault on a file mapping that found no page to map at once; before the page
 * is looked up.
 */
static __always_inline void page_faulted(struct task_struct *task, struct call *call,
					 struct page_counts *counts, __u64 file, __u64 index)
{
	__u64 generation = fault_generation(task);

	/* Counted already: by pages_were_mapped(), or it is tried again. */
	if (call->fault_generation == generation && call->fault_file == file) {
		call->fault_index = index;
		if (!call->fault_read_ahead && was_around(file, index)) {
			call->fault_read_ahead = 1;
			add_to(&counts->read_ahead, 1);
		}
		return;
	}
	call->fault_generation = generation;
	call->fault_file = file;
	call->fault_index = index;
	call->fault_read_ahead =
		(__u32)take_unread(file, index, index + 1, 0) || was_around(file, index);
	add_to(&counts->accesses, 1);
	add_to(&counts->faults, 1);
	add_to(&counts->read_ahead, call->fault_read_ahead);
}

/* Cached pages around the one that a fault is for are mapped: one access. Which
 * of them are used later cannot be seen, so none is unread any more.
 */
static __always_inline void pages_were_mapped(struct task_struct *task, struct call *call,
					      struct page_counts *counts, __u64 file, __u64 first,
					      __u64 end)
{
	__u64 generation = fault_generation(task), unread;

	count_cut_run(first, end);
	if (end > first + MAX_RUN_PAGES)
		end = first + MAX_RUN_PAGES;
	unread = take_around(file, first, end);
	if (call->fault_generation == generation && call->fault_file == file)
		return;
	call->fault_generation = generation;
	call->fault_file = file;
	call->fault_index = NO_INDEX;
	call->fault_read_ahead = !!unread;
	add_to(&counts->accesses, 1);
	add_to(&counts->faults, 1);
	add_to(&counts->read_ahead, call->fault_read_ahead);
}

/* The same where the page that the fault is for is known. It comes first: whether
 * it is unread, those around it do not tell.
 */
static __always_inline void pages_were_mapped_for(struct task_struct *task, struct call *call,
						  struct page_counts *counts, __u64 file,
						  __u64 index, __u64 first, __u64 end)
{
	page_faulted(task, call, counts, file, index);
	pages_were_mapped(task, call, counts, file, first, end);
}

static __always_inline void pages_were_inserted(struct task_struct *task, struct call *call,
						struct page_counts *counts, __u64 file, __u64 first,
						__u64 end)
{
	__u64 taken_first = end, taken_end = end, inserter = 0;
	__u64 generation = read_generation(task, call);
	struct inserted inserted = {};

	count_cut_run(first, end);
	if (call->fault_generation == fault_generation(task) && call->fault_file == file) {
		if (call->fault_index >= first && call->fault_index < end) {
			taken_first = call->fault_index;
			taken_end = taken_first + 1;
			inserted.fault = 1;
			call->fault_index = NO_INDEX;
			if (call->fault_read_ahead)
				__sync_fetch_and_add(&counts->read_ahead, -1);
			call->fault_read_ahead = 0;
		}
	} else if (call->write_file == file && call->write_generation == write_generation(task) &&
		   overlap(first, end, call->write_first, call->write_end)) {
		taken_first = first > call->write_first ? first : call->write_first;
		taken_end = end < call->write_end ? end : call->write_end;
		inserted.written = taken_end - taken_first;
	} else {
		int wanted = call->demand_file == file && call->demand_generation == generation;

		inserter = !sees_demand || wanted ? inserter_of(task, generation) : writer_of(task);
		/* Counted at once where the read is sure to access them: another thread that
		 * waits for them too may be first to go on.
		 */
		if (wanted && overlap(first, end, call->demand_index, call->demand_end)) {
			taken_first = first > call->demand_index ? first : call->demand_index;
			taken_end = end < call->demand_end ? end : call->demand_end;
		} else if (call->file == file && call->generation == generation &&
			   overlap(first, end, call->index, call->end)) {
			taken_first = first > call->index ? first : call->index;
			taken_end = end < call->end ? end : call->end;
		}
		inserted.read = taken_end - taken_first;
	}
	book_inserted(counts, end - first, &inserted, take_evicted(file, first, end));
	if (first < taken_first)
		mark_unread(file, first, taken_first, inserter);
	if (taken_end < end)
		mark_unread(file, taken_end, end, inserter);
}

/* Where no tracepoint tells of the write: a page that it inserted turns dirty
 * before it ends.
 */
static __always_inline void pages_were_dirtied(struct task_struct *task, struct page_counts *counts,
					       __u64 file, __u64 first, __u64 pages)
{
	__u64 writer = writer_of(task), written;

	count_cut_run(first, first + pages);
	/* Of a large folio the write may be a part. */
	if (pages == 1)
		written = take_unread(file, first, first + 1, writer) >> 32;
	else
		written = take_own(file, first, first + pages, writer);
	add_to(&counts->dirtied, pages);
	add_to(&counts->write_misses, written);
	add_to(&counts->filled, -written);
}

#endif
