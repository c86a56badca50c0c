/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_BEGIN_END_BPF_H
#define MEMTRACE_BEGIN_END_BPF_H

/* The page cache by the kernel's functions: each read and write is seen when it
 * begins and when it ends, with what it returned.
 */
#include "lib/cache-events.bpf.h"
#include "lib/writes.bpf.h"

/* A read by io_uring that would have to wait ends at once, and begins again where
 * it was when its pages are there: it is one. A read() or pread() that is made
 * again has another generation.
 */
static __always_inline int is_resumed(const struct call *call, __u64 file, __u64 position)
{
	return call->is_unfinished && call->file == file && call->read_position == position;
}

/* `wanted`: bytes; 0 where the read does not begin again. */
static __always_inline int read_begins(struct inode *inode, __u64 position, __u64 before,
				       __u64 wanted)
{
	struct task_struct *task = current_task();
	struct syscall syscall = current_syscall(task);
	struct call *call = call_of(task);
	__u64 file = file_id(inode);

	if (!call)
		return 0;
	/* A thread is in one read at a time: the last one ended without our seeing it. */
	if (call->is_reading)
		count_cache_loss(CACHE_LOSS_UNSEEN_END, 1);
	call->is_reading = 0;
	if (!use_of(inode, file, task))
		return 0;
	/* What is inserted from now on is this read's. The parts of one call are one
	 * read.
	 */
	if (!is_resumed(call, file, position) && (!reads_in_parts(&syscall) || call->file != file))
		call->uncounted_reads++;
	call->file = file;
	call->generation = read_generation(task, call);
	call->index = 0;
	call->end = 0;
	call->want = 0;
	call->read_position = position;
	call->read_before = before;
	call->read_wanted = wanted;
	call->is_reading = 1;
	call->demand_file = file;
	call->demand_generation = call->generation;
	return 0;
}

/* `result`: bytes, with those that the caller had before; or an error. */
static __always_inline int read_ends(long result)
{
	struct task_struct *task = current_task();
	struct syscall syscall = current_syscall(task);
	struct call *call = call_of(task);
	struct page_counts *counts;
	__u64 first, end;
	long bytes;

	if (!call || !call->is_reading)
		return 0;
	bytes = result - (long)call->read_before;
	first = call->read_position >> page_shift;
	end = page_end(call->read_position + bytes);
	if (bytes > 0) {
		counts = known_use(call->file, task);
		if (counts)
			pages_read_long(counts, call->file, first, end,
					inserter_of(task, call->generation));
	}
	call->is_reading = 0;
	call->demand_generation = 0;
	if (bytes > 0)
		call->read_position += bytes;
	call->is_unfinished = bytes < (long)call->read_wanted;
	/* What is inserted from now on is not. */
	if (!reads_in_parts(&syscall) && !call->is_unfinished)
		call->uncounted_reads++;
	return 0;
}

static __always_inline int file_write_begins(struct inode *inode, __u64 position, __u64 bytes)
{
	struct call *call = call_of(current_task());

	if (call) {
		if (call->is_writing)
			count_cache_loss(CACHE_LOSS_UNSEEN_END, 1);
		call->write_position = position;
		call->is_writing = 1;
	}
	return write_begins(inode, position, bytes);
}

static __always_inline int file_write_ends(long result)
{
	struct task_struct *task = current_task();
	struct call *call = call_of(task);

	if (!call || !call->is_writing)
		return 0;
	if (result > 0)
		pages_were_written(call, known_use(call->write_file, task), call->write_file,
				   call->write_position, result);
	call->is_writing = 0;
	return 0;
}

#endif
