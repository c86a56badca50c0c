/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_PAGE_MARKS_BPF_H
#define MEMTRACE_PAGE_MARKS_BPF_H

#include "lib/cache-losses.bpf.h"

/* What is known of single pages: which were inserted and not accessed yet, and
 * which have left the cache. One bit a page, 64 pages a block.
 */
#define BLOCK_PAGES 64
/* The largest folio of the page cache is a PMD of them. */
#define MAX_RUN_PAGES 512
#define MAX_RUN_BLOCKS (MAX_RUN_PAGES / BLOCK_PAGES + 1)

struct mark_key {
	__u64 file;
	__u64 block;
};

struct marks {
	/* Inserted, and not accessed since. */
	__u64 unread;
	/* Those of them that `inserter` inserted: it may be the call that is about
	 * to access them.
	 */
	__u64 fresh;
	__u64 inserter;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1 << 18);
	__type(key, struct mark_key);
	__type(value, struct marks);
} unread_pages SEC(".maps");

/* Forgets the oldest. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1 << 15);
	__type(key, struct mark_key);
	__type(value, __u64);
} evicted_pages SEC(".maps");

static __always_inline __u32 ones(__u64 bits)
{
	bits -= (bits >> 1) & 0x5555555555555555ULL;
	bits = (bits & 0x3333333333333333ULL) + ((bits >> 2) & 0x3333333333333333ULL);
	bits = (bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0fULL;
	return (bits * 0x0101010101010101ULL) >> 56;
}

/* Other CPUs may change other bits of a word at the same time. Programs for
 * kernels before 5.12 (981f94c3e921 "bpf: Add bitwise atomic instructions")
 * have to do without.
 */
static __always_inline void set_bits(__u64 *word, __u64 bits)
{
#ifdef NO_ATOMIC_BITS
	*word |= bits;
#else
	__sync_fetch_and_or(word, bits);
#endif
}

/* Clears the bits; returns those that were set. */
static __always_inline __u64 take_bits(__u64 *word, __u64 bits)
{
#ifdef NO_ATOMIC_BITS
	__u64 taken = *word & bits;

	*word &= ~bits;
	return taken;
#else
	return __sync_fetch_and_and(word, ~bits) & bits;
#endif
}

/* The bits of `block` that lie in the pages [first, end). */
static __always_inline __u64 block_bits(__u64 block, __u64 first, __u64 end)
{
	__u64 from = block * BLOCK_PAGES, bits = ~0ULL;

	if (first > from)
		bits &= ~0ULL << ((first - from) & 63);
	if (end < from + BLOCK_PAGES)
		bits &= ~0ULL >> ((from + BLOCK_PAGES - end) & 63);
	return bits;
}

/* The pages [first, end), at most MAX_RUN_PAGES, are accessed, or gone. Returns
 * how many were unread, and in the upper half how many of those `inserter` had
 * inserted.
 */
static __noinline __u64 take_unread(__u64 file, __u64 first, __u64 end, __u64 inserter)
{
	struct mark_key key = { .file = file, .block = first / BLOCK_PAGES };
	__u64 taken = 0;

	for (int i = 0; i < MAX_RUN_BLOCKS && key.block * BLOCK_PAGES < end; i++, key.block++) {
		struct marks *marks = bpf_map_lookup_elem(&unread_pages, &key);
		__u64 bits, fresh;

		if (!marks)
			continue;
		bits = take_bits(&marks->unread, block_bits(key.block, first, end));
		fresh = take_bits(&marks->fresh, bits);
		taken += ones(bits);
		if (marks->inserter == inserter)
			taken += (__u64)ones(fresh) << 32;
		if (!marks->unread)
			bpf_map_delete_elem(&unread_pages, &key);
	}
	return taken;
}

/* The pages [first, end), at most MAX_RUN_PAGES, were inserted by `inserter`, and
 * are not accessed by the call that inserted them, as far as is known.
 */
static __noinline int mark_unread(__u64 file, __u64 first, __u64 end, __u64 inserter)
{
	struct mark_key key = { .file = file, .block = first / BLOCK_PAGES };

	for (int i = 0; i < MAX_RUN_BLOCKS && key.block * BLOCK_PAGES < end; i++, key.block++) {
		__u64 bits = block_bits(key.block, first, end);
		struct marks *marks = bpf_map_lookup_elem(&unread_pages, &key);
		struct marks new = { .unread = bits, .fresh = bits, .inserter = inserter };

		if (!marks) {
			if (bpf_map_update_elem(&unread_pages, &key, &new, BPF_ANY))
				count_cache_loss(CACHE_LOSS_MARKS_FULL, ones(bits));
			continue;
		}
		if (marks->inserter != inserter) {
			marks->fresh = 0;
			marks->inserter = inserter;
		}
		set_bits(&marks->fresh, bits);
		set_bits(&marks->unread, bits);
	}
	return 0;
}

/* The pages [first, end), at most MAX_RUN_PAGES, left the cache. */
static __noinline int mark_evicted(__u64 file, __u64 first, __u64 end)
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
static __noinline __u32 take_evicted(__u64 file, __u64 first, __u64 end)
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
