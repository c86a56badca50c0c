/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_STACK_BPF_H
#define MEMTRACE_STACK_BPF_H

#include "lib/bpf.h"

/* --perf-max-stack-depth, at most MAX_FRAMES. */
const volatile __u32 max_stack_depth = MAX_FRAMES;

/* aarch64 may sign a return address that is saved, in bits that no address has. */
const volatile __u64 address_bits = ~0ULL;

/* A longer step is not a frame: the register holds something else. */
#define MAX_FRAME_BYTES (16ULL << 20)

/* Where a walk begins: a function's entry, before it has saved anything. */
struct entry {
	__u64 caller;
	__u64 sp;
	__u64 fp;
};

#if defined(__TARGET_ARCH_x86)
/* The caller's address is still on top of the stack at a probe site. */
static __always_inline long direct_caller(struct pt_regs *ctx, __u64 *caller)
{
	return bpf_probe_read_user(caller, sizeof(*caller), (void *)PT_REGS_SP(ctx));
}
#define RETURNED_SP(entry_sp) ((entry_sp) + 8)
#else
static __always_inline long direct_caller(struct pt_regs *ctx, __u64 *caller)
{
	*caller = PT_REGS_RET(ctx);
	return 0;
}
#define RETURNED_SP(entry_sp) (entry_sp)
#endif

static __always_inline __u64 mix(__u64 hash, __u64 word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
	return hash ^ (hash >> 29);
}

/* Walks the frame pointers of the current thread from a function's entry, the
 * direct caller first: a walk by frame pointers alone misses it, because the
 * function has not saved its own yet. Returns the hash of the frames, not 0.
 */
static __always_inline __u64 walk_user_stack(const struct entry *entry, struct stack *stack)
{
	__u64 fp = entry->fp, low = entry->sp, hash = 0x6d656d7472616365ULL;
	__u32 length = 0, end = END_DEPTH;
	struct {
		__u64 fp;
		__u64 caller;
	} frame = { .caller = entry->caller };

#pragma clang loop unroll(disable)
	for (__u32 i = 0; i < MAX_FRAMES; i++) {
		if (i >= max_stack_depth)
			break;
		stack->frames[i] = frame.caller;
		hash = mix(hash, frame.caller);
		length = i + 1;
		if (!fp) {
			end = END_ROOT;
			break;
		}
		if (fp < low || fp - low > MAX_FRAME_BYTES || (fp & 7) ||
		    bpf_probe_read_user(&frame, sizeof(frame), (void *)fp)) {
			end = END_BROKEN;
			break;
		}
		frame.caller &= address_bits;
		if (!frame.caller) {
			end = END_ROOT;
			break;
		}
		low = fp + 1;
		fp = frame.fp;
	}
	stack->length = length;
	stack->end = end;
	hash = mix(hash, ((__u64)end << 32) | length);
	return hash ? hash : 1;
}

#endif
