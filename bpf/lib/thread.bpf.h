/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_THREAD_BPF_H
#define MEMTRACE_THREAD_BPF_H

#include "lib/blocks.bpf.h"
#include "lib/stack.bpf.h"

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
	/* Functions that the call went on to by a jump: links other than session show
	 * the return of each, at the same place.
	 */
	__u32 chained_returns;
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
	if (!thread->owner.sp || thread->owner.sp < entry->sp ||
	    entry->caller - thread->owner_ip >= OWNER_BYTES)
		return 0;
#if defined(__TARGET_ARCH_x86)
	__u64 caller = 0;

	if (bpf_probe_read_user(&caller, sizeof(caller), (void *)thread->owner.sp) ||
	    caller != thread->owner.caller)
		return 0;
#endif
	return 1;
}

#endif
