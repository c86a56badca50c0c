/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_BLOCKS_BPF_H
#define MEMTRACE_BLOCKS_BPF_H

#include "lib/sites.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1 << 21);
	__type(key, struct block_key);
	__type(value, struct live_block);
} live_blocks SEC(".maps");

/* Takes a block out of the table; false where it was not there or somebody
 * else took it first. It is copied before its slot can be reused.
 */
static __always_inline int take_block(const struct block_key *key, struct live_block *block)
{
	struct live_block *found = bpf_map_lookup_elem(&live_blocks, key);

	if (!found)
		return 0;
	*block = *found;
	return bpf_map_delete_elem(&live_blocks, key) == 0;
}

static __always_inline void book_free(__u32 image, __u32 kind, const struct live_block *block,
				      __u64 now_ns)
{
	struct site_key key = { .stack = block->stack, .image = image, .kind = kind };
	struct site *site = find_site(&key);

	if (site)
		count_free(site, block, now_ns);
}

/* An address that is handed out while it is still in the table was freed
 * without our seeing it: that is counted, and its site is told.
 */
static __always_inline int put_block(const struct block_key *key, const struct live_block *block,
				     __u32 kind)
{
	struct live_block stale;
	int err = map_add(&live_blocks, key, block);

	if (err != -EEXIST)
		return err;
	if (take_block(key, &stale)) {
		count_loss(LOSS_MISSED_FREE, stale.size_bytes);
		book_free(key->image, kind, &stale, block->born_ns);
	}
	return map_add(&live_blocks, key, block);
}

/* A block counts at its site only if it is in the table, so that a site never
 * keeps what it could not see freed. Leaves the stack it is booked under in
 * site_key.
 */
static __always_inline void book_allocation(const struct block_key *key, struct site_key *site_key,
					    const struct stack *stack, __u64 size_bytes,
					    __u64 born_ns)
{
	struct site *site = site_of(site_key, stack, size_bytes, born_ns);
	struct live_block block = {
		.size_bytes = size_bytes,
		.born_ns = born_ns,
		.stack = site_key->stack,
	};
	int err;

	if (!site) {
		count_loss(LOSS_SITES_FULL, size_bytes);
		return;
	}
	/* Before the block: a free on another CPU must find it counted. */
	count_allocation(site, size_bytes, born_ns);
	err = put_block(key, &block, site_key->kind);
	if (err) {
		__sync_fetch_and_add(&site->allocated_bytes, -size_bytes);
		__sync_fetch_and_add(&site->allocated_blocks, -1);
		count_refused_update(err, LOSS_BLOCKS_FULL, size_bytes);
	}
}

#endif
