/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_CACHE_TABLES_BPF_H
#define MEMTRACE_CACHE_TABLES_BPF_H

/* What user space reads of every mode. */
#include "lib/cache-losses.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, struct use_key);
	__type(value, struct page_counts);
} uses SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct file_facts);
} files SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct process_facts);
} processes_seen SEC(".maps");

static const struct page_counts no_counts;
static const struct file_facts no_facts;

static __always_inline __u64 mix(__u64 hash, __u64 value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15ULL;
	return hash ^ (hash >> 29);
}

static __always_inline void add_to(__u64 *count, __u64 pages)
{
	if (pages)
		__sync_fetch_and_add(count, pages);
}

#endif
