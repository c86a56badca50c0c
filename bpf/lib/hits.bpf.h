/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_HITS_BPF_H
#define MEMTRACE_HITS_BPF_H

#include "lib/bpf.h"

/* bpf_get_attach_cookie() is there (5.15). Without it a probe is known by its
 * process and address.
 */
const volatile __u8 has_cookies = 1;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 16384);
	__type(key, struct probe_place);
	__type(value, __u32);
} probe_places SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, MAX_PROBES);
	__type(key, __u32);
	__type(value, __u64);
} probe_hits SEC(".maps");

static __always_inline void count_hit(struct pt_regs *ctx)
{
	__u32 probe;
	__u64 *hits;

	if (has_cookies) {
		probe = bpf_get_attach_cookie(ctx);
	} else {
		struct probe_place place = {
			.address = PT_REGS_IP(ctx),
			.pid = bpf_get_current_pid_tgid() >> 32,
		};
		__u32 *known = bpf_map_lookup_elem(&probe_places, &place);

		if (!known)
			return;
		probe = *known;
	}
	hits = bpf_map_lookup_elem(&probe_hits, &probe);
	if (hits)
		__sync_fetch_and_add(hits, 1);
}

#endif
