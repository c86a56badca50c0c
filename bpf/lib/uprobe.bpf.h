/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_UPROBE_BPF_H
#define MEMTRACE_UPROBE_BPF_H

#include "lib/bpf.h"

/* Always empty. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} no_programs SEC(".maps");

const volatile __u8 never = 0;

/*
 * A program of a uprobe or uretprobe. It may be preempted, and another thread then run it on the same CPU. From 6.13 on
 * ("bpf, x86: Support private stack in jit") a program with 64 bytes of stack or more has one stack for each CPU, which
 * the two would share: the kernel then writes through what the other thread left there. One that has a tail call, even
 * where it never gets to it, stays on the stack of its thread.
 */
#define UPROBE_PROGRAM(section, name)                                \
	static __always_inline int name##_body(struct pt_regs *ctx); \
	SEC(section) int name(struct pt_regs *ctx)                   \
	{                                                            \
		if (never)                                           \
			bpf_tail_call(ctx, &no_programs, 0);         \
		return name##_body(ctx);                             \
	}                                                            \
	static __always_inline int name##_body(struct pt_regs *ctx)

#endif
