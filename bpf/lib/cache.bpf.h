/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_CACHE_BPF_H
#define MEMTRACE_CACHE_BPF_H

/* The accounting of every mode: what a page that was inserted, accessed or
 * evicted counts as. A mode tells it of those, and of the call that is under
 * way: see struct call.
 */
#include "lib/cache-tables.bpf.h"
#include "lib/evicted-pages.bpf.h"

const volatile __u32 page_shift = 12;

/* The read, write or fault that a thread is in, or was in last. */
struct call {
	__u64 file;
	/* What tells this read from the thread's next one. */
	__u64 generation;
	/* Of the latest event of this read. */
	__u64 index;
	/* Pages before `end` are counted as accessed, [end, want) are not so far. */
	__u64 end;
	__u64 want;
	/* The fault, and what it was counted as. */
	__u64 fault_generation;
	__u64 fault_file;
	__u64 fault_index;
	__u32 fault_read_ahead;
	/* Reads that do not count in the thread's own statistics. */
	__u32 uncounted_reads;
	/* The read that asked for read-ahead last, and where; up to demand_end it will
	 * access them itself.
	 */
	__u64 demand_file;
	__u64 demand_generation;
	__u64 demand_index;
	__u64 demand_end;
	/* Where a read began, in bytes, or ended, how many it had before, and how many
	 * it asked for: of modes that see its begin and its end.
	 */
	__u64 read_position;
	__u64 read_before;
	__u64 read_wanted;
	__u8 is_reading;
	__u8 is_unfinished;
	__u8 is_writing;
	/* The write: it asked for pages [write_first, write_end), and is counted up
	 * to written_end.
	 */
	__u64 write_generation;
	__u64 write_file;
	__u64 write_first;
	__u64 write_end;
	__u64 written_end;
	__u64 write_position;
};

static __always_inline __u64 overlap(__u64 first, __u64 end, __u64 other_first, __u64 other_end)
{
	__u64 from = first > other_first ? first : other_first;
	__u64 to = end < other_end ? end : other_end;

	return from < to ? to - from : 0;
}

/* A read accesses these pages, at most MAX_RUN_PAGES; `inserter`: itself, as
 * given to pages_inserted().
 */
static __always_inline void pages_read(struct page_counts *counts, __u64 file, __u64 first,
				       __u64 end, __u64 inserter)
{
	__u64 taken = take_unread(file, first, end, inserter);
	__u64 unread = (__u32)taken, fresh = taken >> 32;

	add_to(&counts->accesses, end - first);
	add_to(&counts->misses, fresh);
	add_to(&counts->read_ahead, unread - fresh);
}

/* Pages were inserted. `read`: those that the read under way has been counted
 * for already; `fault`, `written`: those that the fault and the write under way
 * asked for. None of these are left unread.
 */
struct inserted {
	__u64 read;
	__u64 fault;
	__u64 written;
};

static __always_inline void book_inserted(struct page_counts *counts, __u64 pages,
					  const struct inserted *inserted, __u64 refaulted)
{
	add_to(&counts->misses, inserted->read + inserted->fault);
	add_to(&counts->write_misses, inserted->written);
	add_to(&counts->filled, pages - inserted->written);
	add_to(&counts->refaulted, refaulted);
}

/* Pages [first, end) leave the cache. What lies behind
 * `kept` was cut off: it does not come back.
 */
static __always_inline void pages_evicted(struct page_counts *counts, __u64 file, __u64 first,
					  __u64 end, __u64 kept, int by_reclaim)
{
	__u64 unread = (__u32)take_unread(file, first, end, 0);

	count_cut_run(first, end);
	add_to(&counts->evicted, end - first);
	if (by_reclaim)
		add_to(&counts->reclaimed, end - first);
	add_to(&counts->wasted, unread);
	if (first < kept)
		mark_evicted(file, first, end < kept ? end : kept);
}

#endif
