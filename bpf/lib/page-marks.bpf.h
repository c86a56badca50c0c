/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_PAGE_MARKS_BPF_H
#define MEMTRACE_PAGE_MARKS_BPF_H

#include "lib/cache-losses.bpf.h"

/* Which pages were inserted and not accessed yet. One bit a page, 64 pages a
 * block.
 */
#define BLOCK_PAGES 64
/* The largest folio of the page cache is a PMD of them; of 2048, where a page is larger
 * than 4 KiB.
 */
#define MAX_RUN_PAGES 512
#define MAX_RUN_BLOCKS (MAX_RUN_PAGES / BLOCK_PAGES + 1)

/* Global functions are verified by themselves, not again for each call of them and
 * each state it is in: 7.x takes more than a million steps for that.
 */
#define VERIFIED_ONCE __noinline

struct mark_key {
	__u64 file;
	__u64 block;
};

/* Threads that may wait for pages of the same block at the same time. */
#define INSERTERS 4

struct fresh {
	__u64 inserter;
	__u64 pages;
};

struct marks {
	/* Inserted, and not accessed since. */
	__u64 unread;
	/* Who inserted them: it may be the call that is about to access them. */
	struct fresh fresh[INSERTERS];
};

static const struct marks no_marks;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1 << 18);
	__type(key, struct mark_key);
	__type(value, struct marks);
} unread_pages SEC(".maps");

/* Pages that were unread when a fault mapped what is around it; those of them
 * that were passed over will have a fault of their own. Forgets the oldest.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1 << 12);
	__type(key, struct mark_key);
	__type(value, __u64);
} pages_around SEC(".maps");

/* Of more pages, those behind keep no marks, or keep theirs. */
static __always_inline void count_cut_run(__u64 first, __u64 end)
{
	if (end > first + MAX_RUN_PAGES)
		count_cache_loss(CACHE_LOSS_LONG_CALL, end - first - MAX_RUN_PAGES);
}

static __always_inline __u32 ones(__u64 bits)
{
	bits -= (bits >> 1) & 0x5555555555555555ULL;
	bits = (bits & 0x3333333333333333ULL) + ((bits >> 2) & 0x3333333333333333ULL);
	bits = (bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0fULL;
	return (bits * 0x0101010101010101ULL) >> 56;
}

/* Other CPUs may change other bits of a word at the same time. Those for any
 * kernel, before 5.12 as well (981f94c3e921 "bpf: Add bitwise atomic instructions")
 * have to do without.
 */
static __always_inline void set_bits(__u64 *word, __u64 bits)
{
#ifdef ANY_KERNEL
	*word |= bits;
#else
	__sync_fetch_and_or(word, bits);
#endif
}

/* Clears the bits; returns those that were set. */
static __always_inline __u64 take_bits(__u64 *word, __u64 bits)
{
#ifdef ANY_KERNEL
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

/* Takes pages from those who inserted them; returns which were `inserter`'s. */
static __always_inline __u64 take_fresh(struct marks *marks, __u64 bits, __u64 inserter)
{
	__u64 own = 0;

#pragma unroll
	for (int i = 0; i < INSERTERS; i++) {
		__u64 taken = marks->fresh[i].pages & bits;

		if (!taken)
			continue;
		taken = take_bits(&marks->fresh[i].pages, taken);
		if (marks->fresh[i].inserter == inserter)
			own |= taken;
	}
	return own;
}

/* A thread is in one call at a time: what is left of its last one gives way. It
 * has a place of its own first, so that two of them do not take the same.
 */
static __always_inline struct fresh *fresh_of(struct marks *marks, __u64 inserter)
{
	__u32 thread = inserter >> 32;
	struct fresh *fresh = &marks->fresh[thread % INSERTERS];

#pragma unroll
	for (int i = 0; i < INSERTERS; i++) {
		struct fresh *each = &marks->fresh[i];

		if (each->inserter == inserter)
			return each;
		if (fresh->pages && !each->pages)
			fresh = each;
	}
	fresh->pages = 0;
	fresh->inserter = inserter;
	return fresh;
}

/* Another thread may be about to mark pages of the same block: it is kept until
 * its last page was accessed.
 */
static __always_inline int is_done(const struct marks *marks, __u64 block, __u64 end)
{
	return !marks->unread && end >= (block + 1) * BLOCK_PAGES;
}

/* The pages [first, end), at most MAX_RUN_PAGES, are accessed, or gone. Returns
 * how many were unread, and in the upper half how many of those `inserter` had
 * inserted.
 */
VERIFIED_ONCE __u64 take_unread(__u64 file, __u64 first, __u64 end, __u64 inserter)
{
	struct mark_key key = { .file = file, .block = first / BLOCK_PAGES };
	__u64 taken = 0;

	for (int i = 0; i < MAX_RUN_BLOCKS && key.block * BLOCK_PAGES < end; i++, key.block++) {
		struct marks *marks = bpf_map_lookup_elem(&unread_pages, &key);
		__u64 bits;

		if (!marks)
			continue;
		bits = take_bits(&marks->unread, block_bits(key.block, first, end));
		taken += ones(bits) + ((__u64)ones(take_fresh(marks, bits, inserter)) << 32);
		if (is_done(marks, key.block, end))
			bpf_map_delete_elem(&unread_pages, &key);
	}
	return taken;
}

/* Pages [first, end), at most MAX_RUN_PAGES, are mapped around a fault: none is
 * unread any more. Returns how many were.
 */
VERIFIED_ONCE __u32 take_around(__u64 file, __u64 first, __u64 end)
{
	struct mark_key key = { .file = file, .block = first / BLOCK_PAGES };
	__u32 taken = 0;

	for (int i = 0; i < MAX_RUN_BLOCKS && key.block * BLOCK_PAGES < end; i++, key.block++) {
		struct marks *marks = bpf_map_lookup_elem(&unread_pages, &key);
		__u64 bits, *around;

		if (!marks)
			continue;
		bits = take_bits(&marks->unread, block_bits(key.block, first, end));
		take_fresh(marks, bits, 0);
		if (is_done(marks, key.block, end))
			bpf_map_delete_elem(&unread_pages, &key);
		if (!bits)
			continue;
		taken += ones(bits);
		around = bpf_map_lookup_elem(&pages_around, &key);
		if (around)
			set_bits(around, bits);
		else
			bpf_map_update_elem(&pages_around, &key, &bits, BPF_ANY);
	}
	return taken;
}

/* Whether the page was unread when a fault mapped what is around it. */
static __always_inline int was_around(__u64 file, __u64 page)
{
	struct mark_key key = { .file = file, .block = page / BLOCK_PAGES };
	__u64 *around = bpf_map_lookup_elem(&pages_around, &key);

	return around && take_bits(around, 1ULL << (page % BLOCK_PAGES));
}

/* Those of the pages [first, end), at most MAX_RUN_PAGES, that `inserter` brought
 * in are accessed by it. Returns how many they are.
 */
VERIFIED_ONCE __u32 take_own(__u64 file, __u64 first, __u64 end, __u64 inserter)
{
	struct mark_key key = { .file = file, .block = first / BLOCK_PAGES };
	__u32 taken = 0;

	for (int i = 0; i < MAX_RUN_BLOCKS && key.block * BLOCK_PAGES < end; i++, key.block++) {
		struct marks *marks = bpf_map_lookup_elem(&unread_pages, &key);
		__u64 bits = 0;

		if (!marks)
			continue;
		for (int j = 0; j < INSERTERS; j++)
			if (marks->fresh[j].inserter == inserter)
				bits = marks->fresh[j].pages;
		bits &= block_bits(key.block, first, end);
		take_fresh(marks, bits, inserter);
		taken += ones(take_bits(&marks->unread, bits));
		if (is_done(marks, key.block, end))
			bpf_map_delete_elem(&unread_pages, &key);
	}
	return taken;
}

/* The pages [first, end), at most MAX_RUN_PAGES, were inserted by `inserter`, and
 * are not accessed by the call that inserted them, as far as is known.
 */
VERIFIED_ONCE int mark_unread(__u64 file, __u64 first, __u64 end, __u64 inserter)
{
	struct mark_key key = { .file = file, .block = first / BLOCK_PAGES };

	for (int i = 0; i < MAX_RUN_BLOCKS && key.block * BLOCK_PAGES < end; i++, key.block++) {
		__u64 bits = block_bits(key.block, first, end);
		struct marks *marks = bpf_map_lookup_elem(&unread_pages, &key);

		if (!marks) {
			bpf_map_update_elem(&unread_pages, &key, &no_marks, BPF_NOEXIST);
			marks = bpf_map_lookup_elem(&unread_pages, &key);
		}
		if (!marks) {
			count_cache_loss(CACHE_LOSS_MARKS_FULL, ones(bits));
			continue;
		}
		set_bits(&fresh_of(marks, inserter)->pages, bits);
		set_bits(&marks->unread, bits);
	}
	return 0;
}

#endif
