/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_HITS_BPF_H
#define MEMTRACE_HITS_BPF_H

#include "lib/bpf.h"

/* bpf_get_attach_cookie() is there (5.15). */
const volatile __u8 has_cookies = 1;

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, MAX_PROBES);
	__type(key, __u32);
	__type(value, __u64);
} probe_hits SEC(".maps");

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

#endif
