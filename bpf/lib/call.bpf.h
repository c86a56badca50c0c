/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_CALL_BPF_H
#define MEMTRACE_CALL_BPF_H

#include "lib/blocks.bpf.h"
#include "lib/events.bpf.h"
#include "lib/processes.bpf.h"
#include "lib/stack.bpf.h"

/* -z, -Z and -s. */
const volatile __u64 min_size_bytes = 0;
const volatile __u64 max_size_bytes = ~0ULL;
const volatile __u32 sample_every = 1;
/* -t: an event for each allocation and free. */
const volatile __u8 trace_events = 0;
/* bpf_get_attach_cookie() is there (5.15). */
const volatile __u8 has_cookies = 1;
/* Linked by BPF_TRACE_UPROBE_SESSION: a program sees entry and return. */
const volatile __u8 session_link = 0;

/* A call that took this long does not run any more, wherever its frame was. */
#define ABANDONED_NS (10ULL * 1000 * 1000 * 1000)

enum result {
	RESULT_POINTER,
	/* posix_memalign(): 0, and the block in *out. */
	RESULT_OUT,
	/* mmap(), mremap(): -1 is a failure, and it is no block. */
	RESULT_MAPPING,
};

/* A thread and the allocator call that it is in, if entry_sp is not 0. The
 * stack is captured in place: per-CPU space is not safe, because a uprobe
 * program can be preempted by another one.
 */
struct thread {
	__u64 entry_sp;
	__u64 began_ns;
	__u64 size_bytes;
	/* What realloc() or mremap() was given; taken.size_bytes tells if it was ours. */
	__u64 old_address;
	__u64 old_size_bytes;
	__u64 out;
	__u64 stack_hash;
	/* A function that allocates by calling another one and that may throw, such
	 * as operator new: its entry alone is probed, since no exception gets past a
	 * return probe. What it calls belongs to it.
	 */
	struct entry owner;
	__u64 owner_ip;
	__u64 owner_size_bytes;
	struct live_block taken;
	__u32 has_taken;
	__u32 unrecorded;
	__u32 result;
	__u32 protection;
	__u32 flags;
	__u32 zero;
	struct stack stack;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 32768);
	__type(key, __u32);
	__type(value, struct thread);
} threads SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct thread);
} new_thread SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, MAX_PROBES);
	__type(key, __u32);
	__type(value, __u64);
} probe_hits SEC(".maps");

/* What this CPU freed last: one function that frees may end in a jump to
 * another one that is probed as well.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} last_freed SEC(".maps");

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

static __always_inline void count_hit(void *ctx)
{
	__u32 probe;
	__u64 *hits;

	if (!has_cookies)
		return;
	probe = bpf_get_attach_cookie(ctx);
	hits = bpf_map_lookup_elem(&probe_hits, &probe);
	if (hits)
		__sync_fetch_and_add(hits, 1);
}

static __always_inline struct thread *current_thread(void)
{
	__u32 tid = (__u32)bpf_get_current_pid_tgid();

	return bpf_map_lookup_elem(&threads, &tid);
}

static __always_inline struct thread *add_current_thread(void)
{
	__u32 tid = (__u32)bpf_get_current_pid_tgid(), zero = 0;
	struct thread *empty = bpf_map_lookup_elem(&new_thread, &zero);

	if (empty)
		bpf_map_update_elem(&threads, &tid, empty, BPF_NOEXIST);
	return bpf_map_lookup_elem(&threads, &tid);
}

/* The stack grows down: a call that is still running lies above us. One at or
 * below us was abandoned by longjmp() or by an exception.
 */
static __always_inline int in_call(struct pt_regs *ctx, const struct thread *thread, __u64 now_ns)
{
	__u64 sp = PT_REGS_SP(ctx), caller = 0;

	if (thread->entry_sp < sp || now_ns - thread->began_ns >= ABANDONED_NS)
		return 0;
	if (thread->entry_sp > sp)
		return 1;
	/* A function that ends in a jump to another, as operator new[] does: the
	 * return address is then the kernel's trampoline, which begins a page.
	 */
	return !direct_caller(ctx, &caller) && !(caller & 4095);
}

/* More than any operator new has: a return address this close behind its entry
 * lies in it.
 */
#define OWNER_BYTES 1024

static __always_inline int read_entry(struct pt_regs *ctx, struct entry *entry)
{
	entry->sp = PT_REGS_SP(ctx);
	entry->fp = PT_REGS_FP(ctx);
	if (!direct_caller(ctx, &entry->caller))
		return 1;
	entry->caller = 0;
	return 0;
}

/* Whether a function that was just entered was called by the owner. The owner's
 * own end is not seen: so its return address must still be where it was, and
 * ours must lie in it.
 */
static __always_inline int has_owner(const struct thread *thread, const struct entry *entry)
{
	__u64 caller = 0;

	if (!thread->owner.sp || thread->owner.sp < entry->sp ||
	    entry->caller - thread->owner_ip >= OWNER_BYTES)
		return 0;
#if defined(__TARGET_ARCH_x86)
	if (bpf_probe_read_user(&caller, sizeof(caller), (void *)thread->owner.sp) ||
	    caller != thread->owner.caller)
		return 0;
#endif
	return 1;
}

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

/* A command that memtrace started waits at its first allocator call until user
 * space has read its mappings: a short one would be gone before. bpf_loop() is
 * there (5.17).
 */
const volatile __u8 hold_first_call = 0;
#define LONGEST_HOLD_NS (100ULL * 1000 * 1000)
#define HOLD_ROUNDS (1 << 22)

/* Images whose mappings user space has read. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u32);
} known_images SEC(".maps");

struct hold {
	__u64 until_ns;
	__u32 image;
	__u32 zero;
};

static long is_held(__u32 round, struct hold *hold)
{
	return bpf_map_lookup_elem(&known_images, &hold->image) ||
	       bpf_ktime_get_ns() > hold->until_ns;
}

/* User space reads the mappings then, while there is somebody to ask. */
static __always_inline void note_first_call(struct process *process)
{
	struct event event = { .kind = EVENT_FIRST_CALL, .image = process->image };

	if (process->called)
		return;
	process->called = 1;
	send_event(&event);
	if (hold_first_call) {
		struct hold hold = {
			.until_ns = bpf_ktime_get_ns() + LONGEST_HOLD_NS,
			.image = process->image,
		};

		bpf_loop(HOLD_ROUNDS, is_held, &hold, 0);
	}
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
	count_hit(ctx);
	image = process->image;
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
		if (in_call(ctx, thread, now_ns))
			return 1;
		count_loss(LOSS_ABANDONED_CALL, thread->size_bytes);
		give_back(thread, image);
	}
	read_entry(ctx, &entry);
	thread->entry_sp = entry.sp;
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
	long err;

	if (address >= -4095ULL)
		return;
	err = bpf_map_update_elem(&stacks, &thread->stack_hash, &thread->stack, BPF_NOEXIST);
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
