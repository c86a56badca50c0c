/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_WRITES_BPF_H
#define MEMTRACE_WRITES_BPF_H

#include "lib/calls.bpf.h"

static __always_inline __u64 page_end(__u64 position)
{
	return (position + (1ULL << page_shift) - 1) >> page_shift;
}

/* Pages are looked up for a write: those that are inserted now are for it. More
 * may be asked for than the folio that is found can hold.
 */
static __always_inline int write_begins(struct inode *inode, __u64 position, __u64 bytes)
{
	struct task_struct *task = current_task();
	__u64 generation = write_generation(task), file = file_id(inode);
	struct call *call = call_of(task);

	if (!call)
		return 0;
	if (call->write_generation != generation || call->write_file != file)
		call->written_end = 0;
	call->write_file = file;
	call->write_generation = generation;
	call->write_first = position >> page_shift;
	call->write_end = page_end(position + bytes);
	return 0;
}

/* The parts of one write() may share a page. */
static __always_inline int pages_were_written(struct call *call, struct page_counts *counts,
					      __u64 file, __u64 position, __u64 bytes)
{
	__u64 first = position >> page_shift, end = page_end(position + bytes);

	if (!call || !counts || !bytes)
		return 0;
	take_unread(file, first, end, 0);
	if (call->written_end == first + 1)
		first++;
	add_to(&counts->writes, end - first);
	call->written_end = end;
	return 0;
}

static __always_inline int write_ends(struct inode *inode, __u64 position, __u64 bytes)
{
	struct task_struct *task = current_task();
	__u64 file = file_id(inode);
	struct page_counts *counts = use_of(inode, file, task);

	return pages_were_written(call_of(task), counts, file, position, bytes);
}

#endif
