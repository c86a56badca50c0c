/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_CALL_BPF_H
#define MEMTRACE_CALL_BPF_H

#include "lib/first-call.bpf.h"
#include "lib/hits.bpf.h"
#include "lib/thread.bpf.h"

/* -z, -Z and -s. */
const volatile __u64 min_size_bytes = 0;
const volatile __u64 max_size_bytes = ~0ULL;
const volatile __u32 sample_every = 1;
/* -t: an event for each allocation and free. */
const volatile __u8 trace_events = 0;
/* Linked by BPF_TRACE_UPROBE_SESSION: a program sees entry and return. */
const volatile __u8 session_link = 0;

struct arguments {
	__u64 size_bytes;
	__u64 old_address;
	__u64 old_size_bytes;
	__u64 out;
	__u32 result;
	__u32 reallocates;
	__u32 protection;
	__u32 flags;
};

/* A realloc() that failed, or never came back, leaves its old block alive. */
static __always_inline void give_back(struct thread *thread, __u32 image)
{
	struct block_key key = { .address = thread->old_address, .image = image };

	if (!thread->has_taken)
		return;
	thread->has_taken = 0;
	if (bpf_map_update_elem(&live_blocks, &key, &thread->taken, BPF_NOEXIST))
		count_loss(LOSS_BLOCKS_FULL, thread->taken.size_bytes);
}

static __always_inline void trace_block(__u32 kind, __u32 image, __u64 address, __u64 size_bytes,
					__u64 stack)
{
	struct event event = {
		.kind = kind,
		.image = image,
		.address = address,
		.size_bytes = size_bytes,
		.stack = stack,
	};

	send_event(&event);
}

/* Returns 1 where the return need not be seen (a session link then saves that
 * trap), which is so for a call inside another: the outermost owns the block.
 */
static __always_inline int call_enter(struct pt_regs *ctx, const struct arguments *args)
{
	struct process *process = current_process();
	struct entry entry;
	struct thread *thread;
	__u64 now_ns;
	__u32 image;

	if (!process || !is_recording())
		return 1;
	image = process->image;
	count_hit(ctx);
	note_first_call(process);
	thread = current_thread();
	if (!thread) {
		thread = add_current_thread();
		if (!thread) {
			count_loss(LOSS_THREADS_FULL, args->size_bytes);
			return 1;
		}
	}
	now_ns = bpf_ktime_get_ns();
	if (thread->entry_sp) {
		if (in_call(ctx, thread, now_ns)) {
			thread->chained_returns +=
				!session_link && PT_REGS_SP(ctx) == thread->entry_sp;
			return 1;
		}
		count_loss(LOSS_ABANDONED_CALL, thread->size_bytes);
		give_back(thread, image);
	}
	read_entry(ctx, &entry);
	thread->entry_sp = entry.sp;
	thread->chained_returns = 0;
	thread->began_ns = now_ns;
	thread->size_bytes = args->size_bytes;
	thread->old_address = args->old_address;
	thread->old_size_bytes = args->old_size_bytes;
	thread->out = args->out;
	thread->result = args->result;
	thread->protection = args->protection;
	thread->flags = args->flags;
	thread->has_taken = 0;
	if (args->reallocates && args->old_address) {
		struct block_key key = { .address = args->old_address, .image = image };

		/* Taken now: the allocator may give the address to another thread
		 * before we see this call return.
		 */
		thread->has_taken = take_block(&key, &thread->taken);
		if (!thread->has_taken)
			count_loss(COUNT_UNKNOWN_FREES, 0);
	}
	if (has_owner(thread, &entry)) {
		entry = thread->owner;
		thread->size_bytes = thread->owner_size_bytes;
	}
	thread->owner.sp = 0;
	thread->unrecorded = thread->size_bytes < min_size_bytes ||
			     thread->size_bytes > max_size_bytes ||
			     (sample_every > 1 && bpf_get_prandom_u32() % sample_every);
	if (args->result == RESULT_MAPPING)
		thread->unrecorded = 0;
	/* Recorded or not, the return is needed: until then what is called inside
	 * belongs to this call.
	 */
	if (!thread->unrecorded)
		thread->stack_hash = walk_user_stack(&entry, &thread->stack);
	return 0;
}

/* operator new and the like, which call malloc(): no return is ever seen. */
static __always_inline int owner_enter(struct pt_regs *ctx, __u64 size_bytes)
{
	struct process *process = current_process();
	struct thread *thread;
	struct entry entry;

	if (!process || !is_recording())
		return 1;
	count_hit(ctx);
	note_first_call(process);
	thread = current_thread();
	if (!thread)
		thread = add_current_thread();
	/* Without a thread, what is called inside stands for itself. */
	if (!thread)
		return 1;
	if (thread->entry_sp && in_call(ctx, thread, bpf_ktime_get_ns()))
		return 1;
	read_entry(ctx, &entry);
	/* One that calls another, as the nothrow ones do, stays the owner. */
	if (!has_owner(thread, &entry)) {
		thread->owner = entry;
		thread->owner_size_bytes = size_bytes;
	}
	thread->owner_ip = PT_REGS_IP(ctx);
	return 1;
}

static __always_inline void mapping_made(struct thread *thread, __u32 image, __u64 address)
{
	struct event event = {
		.kind = thread->old_address ? EVENT_REMAP : EVENT_MAP,
		.image = image,
		.address = address,
		.size_bytes = thread->size_bytes,
		.old_address = thread->old_address,
		.old_size_bytes = thread->old_size_bytes,
		.stack = thread->stack_hash,
		.protection = thread->protection,
		.flags = thread->flags,
	};
	int err;

	if (address >= -4095ULL)
		return;
	err = map_add(&stacks, &thread->stack_hash, &thread->stack);
	if (err && err != -EEXIST) {
		count_refused_update(err, LOSS_STACKS_FULL, thread->size_bytes);
		event.stack = 0;
	}
	send_event(&event);
}

static __always_inline void block_made(struct thread *thread, __u32 image, __u64 address)
{
	struct block_key key = { .address = address, .image = image };
	struct site_key site_key = {
		.stack = thread->stack_hash,
		.image = image,
		.kind = KIND_HEAP,
	};

	/* realloc(block, 0) frees and gives NULL. */
	if (thread->has_taken && !address && thread->size_bytes) {
		give_back(thread, image);
		return;
	}
	if (thread->has_taken) {
		thread->has_taken = 0;
		book_free(image, KIND_HEAP, &thread->taken, thread->began_ns);
		if (trace_events)
			trace_block(EVENT_FREE, image, thread->old_address,
				    thread->taken.size_bytes, thread->taken.stack);
	}
	if (!address || thread->unrecorded)
		return;
	book_allocation(&key, &site_key, &thread->stack, thread->size_bytes, thread->began_ns);
	if (trace_events)
		trace_block(EVENT_ALLOC, image, address, thread->size_bytes, site_key.stack);
}

static __always_inline int call_leave(struct pt_regs *ctx)
{
	struct process *process = current_process();
	struct thread *thread = current_thread();
	__u64 address = PT_REGS_RC(ctx);

	if (!process)
		return 0;
	if (thread && !thread->entry_sp && thread->chained_returns) {
		thread->chained_returns--;
		return 0;
	}
	if (!thread || !thread->entry_sp) {
		count_loss(LOSS_UNMATCHED_RETURN, 0);
		return 0;
	}
	/* The return of a call inside, which other links than session show too. */
	if (PT_REGS_SP(ctx) != RETURNED_SP(thread->entry_sp))
		return 0;
	thread->entry_sp = 0;
	if (thread->result == RESULT_MAPPING) {
		mapping_made(thread, process->image, address);
		return 0;
	}
	if (thread->result == RESULT_OUT) {
		__u64 out = 0;

		if (!address && bpf_probe_read_user(&out, sizeof(out), (void *)thread->out))
			count_loss(LOSS_UNREADABLE, thread->size_bytes);
		address = out;
	}
	block_made(thread, process->image, address);
	return 0;
}

#endif
