/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_EVICTED_PAGES_BPF_H
#define MEMTRACE_EVICTED_PAGES_BPF_H

/* Which pages have left the cache: what is inserted again was refaulted. */
#include "lib/page-marks.bpf.h"

/* Forgets the oldest. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1 << 15);
	__type(key, struct mark_key);
	__type(value, __u64);
} evicted_pages SEC(".maps");

/* The pages [first, end), at most MAX_RUN_PAGES, left the cache. */
VERIFIED_ONCE int mark_evicted(__u64 file, __u64 first, __u64 end)
{
	struct mark_key key = { .file = file, .block = first / BLOCK_PAGES };

	for (int i = 0; i < MAX_RUN_BLOCKS && key.block * BLOCK_PAGES < end; i++, key.block++) {
		__u64 bits = block_bits(key.block, first, end);
		__u64 *evicted = bpf_map_lookup_elem(&evicted_pages, &key);

		if (evicted)
			set_bits(evicted, bits);
		else
			bpf_map_update_elem(&evicted_pages, &key, &bits, BPF_ANY);
	}
	return 0;
}

/* How many of the pages [first, end), at most MAX_RUN_PAGES, had left the cache. */
VERIFIED_ONCE __u32 take_evicted(__u64 file, __u64 first, __u64 end)
{
	struct mark_key key = { .file = file, .block = first / BLOCK_PAGES };
	__u32 taken = 0;

	for (int i = 0; i < MAX_RUN_BLOCKS && key.block * BLOCK_PAGES < end; i++, key.block++) {
		__u64 *evicted = bpf_map_lookup_elem(&evicted_pages, &key);

		if (!evicted)
			continue;
		taken += ones(take_bits(evicted, block_bits(key.block, first, end)));
		if (!*evicted)
			bpf_map_delete_elem(&evicted_pages, &key);
	}
	return taken;
}

#endif
