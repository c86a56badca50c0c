/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_CACHE_LOSSES_BPF_H
#define MEMTRACE_CACHE_LOSSES_BPF_H

#include "lib/bpf.h"
#include "cache_wire.h"

/* Keeps the enum's names in the object's BTF, where user space reads them. */
const volatile enum cache_loss_reason cache_loss_reason_names = CACHE_LOSS_USES_FULL;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, CACHE_LOSS_REASONS);
	__type(key, __u32);
	__type(value, __u64);
} cache_losses SEC(".maps");

static __always_inline void count_cache_loss(__u32 reason, __u64 count)
{
	__u64 *lost = bpf_map_lookup_elem(&cache_losses, &reason);

	if (lost)
		__sync_fetch_and_add(lost, count);
}

#endif
