/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_BEGIN_END_BPF_H
#define MEMTRACE_BEGIN_END_BPF_H

/* The page cache by the kernel's functions: each read and write is seen when it
 * begins and when it ends, with what it returned.
 */
#include "lib/cache-events.bpf.h"
#include "lib/writes.bpf.h"

static __always_inline int read_begins(struct inode *inode, __u64 position, __u64 before)
{
	struct task_struct *task = current_task();
	struct syscall syscall = current_syscall(task);
	struct call *call = call_of(task);
	__u64 file = file_id(inode);

	if (!call || !use_of(inode, file, task))
		return 0;
	/* What is inserted from now on is this read's. The parts of one call are one
	 * read.
	 */
	if (!reads_in_parts(&syscall) || call->file != file)
		call->uncounted_reads++;
	call->file = file;
	call->generation = read_generation(task, call);
	call->index = 0;
	call->end = 0;
	call->want = 0;
	call->read_position = position;
	call->read_before = before;
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

	if (!call || !call->generation)
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
	call->generation = 0;
	/* What is inserted from now on is not. */
	if (!reads_in_parts(&syscall))
		call->uncounted_reads++;
	return 0;
}

static __always_inline int file_write_begins(struct inode *inode, __u64 position, __u64 bytes)
{
	struct call *call = call_of(current_task());

	if (call)
		call->write_position = position;
	return write_begins(inode, position, bytes);
}

static __always_inline int file_write_ends(long result)
{
	struct task_struct *task = current_task();
	struct call *call = call_of(task);

	if (!call || !call->write_file)
		return 0;
	if (result > 0)
		pages_were_written(call, known_use(call->write_file, task), call->write_file,
				   call->write_position, result);
	call->write_file = 0;
	return 0;
}

#endif
