/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_FREE_BPF_H
#define MEMTRACE_FREE_BPF_H

#include "lib/call.bpf.h"

/* What this CPU freed last: one function that frees may end in a jump to
 * another one that is probed as well.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} last_freed SEC(".maps");

/* Freed at entry, before the allocator can hand the address out again. */
static __always_inline int call_free(struct pt_regs *ctx, __u64 address)
{
	struct process *process = current_process();
	struct block_key key = { .address = address };
	struct live_block block;
	struct thread *thread;
	__u64 now_ns, *last;
	__u32 zero = 0;

	if (!process || !is_recording())
		return 1;
	count_hit(ctx);
	if (!address)
		return 1;
	key.image = process->image;
	now_ns = bpf_ktime_get_ns();
	last = bpf_map_lookup_elem(&last_freed, &zero);
	if (take_block(&key, &block)) {
		if (last)
			*last = address;
		book_free(key.image, KIND_HEAP, &block, now_ns);
		if (trace_events)
			trace_block(EVENT_FREE, key.image, address, block.size_bytes, block.stack);
		return 1;
	}
	if (last && *last == address)
		return 1;
	/* An allocator that frees inside realloc() frees what we have taken. */
	thread = current_thread();
	if (!thread || !thread->entry_sp || !in_call(ctx, thread, now_ns))
		count_loss(COUNT_UNKNOWN_FREES, 0);
	return 1;
}

static __always_inline int call_unmap(struct pt_regs *ctx, __u64 address, __u64 size_bytes)
{
	struct process *process = current_process();
	struct thread *thread = current_thread();
	struct event event = {
		.kind = EVENT_UNMAP,
		.address = address,
		.size_bytes = size_bytes,
	};

	if (!process || !is_recording())
		return 1;
	count_hit(ctx);
	if (thread && thread->entry_sp && in_call(ctx, thread, bpf_ktime_get_ns()))
		return 1;
	event.image = process->image;
	send_event(&event);
	return 1;
}

#endif
