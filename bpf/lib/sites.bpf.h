/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_SITES_BPF_H
#define MEMTRACE_SITES_BPF_H

#include "lib/losses.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, struct stack);
} stacks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 10240);
	__type(key, struct site_key);
	__type(value, struct site);
} sites SEC(".maps");

/* Where bytes go when `stacks` or `sites` is full: one site an image. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 4096);
	__type(key, struct site_key);
	__type(value, struct site);
} lost_sites SEC(".maps");

static __always_inline struct site *find_site(const struct site_key *key)
{
	if (key->stack)
		return bpf_map_lookup_elem(&sites, key);
	return bpf_map_lookup_elem(&lost_sites, key);
}

static __always_inline struct site *lost_site(struct site_key *key, __u64 now_ns)
{
	struct site empty = { .first_ns = now_ns };
	struct site *site;

	key->stack = 0;
	site = bpf_map_lookup_elem(&lost_sites, key);
	if (site)
		return site;
	bpf_map_update_elem(&lost_sites, key, &empty, BPF_NOEXIST);
	return bpf_map_lookup_elem(&lost_sites, key);
}

/* The site of a stack, made at its first allocation together with the stack.
 * Changes key->stack to 0 where the stack or the site had no room.
 */
static __always_inline struct site *site_of(struct site_key *key, const struct stack *stack,
					    __u64 size_bytes, __u64 now_ns)
{
	struct site empty = { .first_ns = now_ns };
	struct site *site = bpf_map_lookup_elem(&sites, key);
	int err;

	if (site)
		return site;
	err = map_add(&stacks, &key->stack, stack);
	if (err && err != -EEXIST) {
		count_refused_update(err, LOSS_STACKS_FULL, size_bytes);
		return lost_site(key, now_ns);
	}
	err = map_add(&sites, key, &empty);
	if (err && err != -EEXIST) {
		count_refused_update(err, LOSS_SITES_FULL, size_bytes);
		return lost_site(key, now_ns);
	}
	return bpf_map_lookup_elem(&sites, key);
}

static __always_inline __u32 log2_microseconds(__u64 ns)
{
	__u64 us = ns / 1000;
	__u32 bucket = 0;

	if (us >> 32)
		return LIFETIME_BUCKETS - 1;
	if (us >> 16) {
		bucket += 16;
		us >>= 16;
	}
	if (us >> 8) {
		bucket += 8;
		us >>= 8;
	}
	if (us >> 4) {
		bucket += 4;
		us >>= 4;
	}
	if (us >> 2) {
		bucket += 2;
		us >>= 2;
	}
	return bucket + (us >> 1);
}

static __always_inline void count_allocation(struct site *site, __u64 size_bytes, __u64 now_ns)
{
	__sync_fetch_and_add(&site->allocated_bytes, size_bytes);
	__sync_fetch_and_add(&site->allocated_blocks, 1);
	site->latest_ns = now_ns;
}

static __always_inline void count_free(struct site *site, const struct live_block *block,
				       __u64 now_ns)
{
	__u32 bucket = log2_microseconds(now_ns - block->born_ns);

	__sync_fetch_and_add(&site->freed_bytes, block->size_bytes);
	__sync_fetch_and_add(&site->freed_blocks, 1);
	/* The compiler knows that it is in range; the verifier has to see it. */
	asm volatile("" : "+r"(bucket));
	if (bucket < LIFETIME_BUCKETS)
		__sync_fetch_and_add(&site->lifetimes[bucket], 1);
}

#endif
