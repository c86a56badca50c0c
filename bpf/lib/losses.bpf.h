/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_LOSSES_BPF_H
#define MEMTRACE_LOSSES_BPF_H

#include "lib/bpf.h"

/* Keeps the enum's names in the object's BTF, where user space reads them. */
const volatile enum loss_reason loss_reason_names = LOSS_BLOCKS_FULL;

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, LOSS_REASONS);
	__type(key, __u32);
	__type(value, struct loss);
} losses SEC(".maps");

/* Atomic although per CPU: a uprobe program may be preempted. */
static __always_inline void count_loss(__u32 reason, __u64 size_bytes)
{
	struct loss *loss = bpf_map_lookup_elem(&losses, &reason);

	if (!loss)
		return;
	__sync_fetch_and_add(&loss->count, 1);
	/* The compiler makes an addition of 0 an atomic or, which came with 5.12. */
	if (size_bytes)
		__sync_fetch_and_add(&loss->bytes, size_bytes);
}

static __always_inline void count_refused_update(int err, __u32 full, __u64 size_bytes)
{
	count_loss(err == -EBUSY ? LOSS_BUSY : full, size_bytes);
}

#endif
