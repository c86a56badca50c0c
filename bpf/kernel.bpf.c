/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
/* Outstanding allocations of the kernel itself: slab, pages, per-CPU memory, by
 * kernel stack. Raw tracepoints, so that tracefs need not be mounted; what
 * their arguments mean on this kernel is told from its BTF by user space.
 */
#include "lib/blocks.bpf.h"
#include "lib/recording.bpf.h"

/* Memory of all processes is one address space: image 0. */
#define KERNEL_IMAGE 0

/* -z, -Z and -s. */
const volatile __u64 min_size_bytes = 0;
const volatile __u64 max_size_bytes = ~0ULL;
const volatile __u32 sample_every = 1;
const volatile __u32 max_stack_depth = MAX_FRAMES;
const volatile __u64 page_size_bytes = 4096;
/* --wa-missing-free: an allocation implies that its address was freed. */
const volatile __u8 frees_are_missed = 0;
/* kmem_cache_alloc gives its cache, since 6.1 instead of the sizes (2c1d697fb8ba
 * "mm/slab_common: drop kmem_alloc & avoid dereferencing fields when not using"):
 * where the size is in it.
 */
const volatile __u8 gives_cache = 0;
const volatile __u32 cache_size_offset = 0;
/* 6.0 alone (b347aa7b5747 "mm/tracing: add 'accounted' entry into output of allocation
 * tracepoints"): kmalloc gives its cache before the sizes.
 */
const volatile __u8 kmalloc_gives_cache = 0;
/* percpu_alloc_percpu gives its call site first, since 5.19 (f67bed134a05 "percpu:
 * improve percpu_alloc_percpu event trace").
 */
const volatile __u32 percpu_first_argument = 0;

enum scratch_owner {
	SCRATCH_KMALLOC,
	SCRATCH_KMALLOC_NODE,
	SCRATCH_CACHE,
	SCRATCH_CACHE_NODE,
	SCRATCH_PAGES,
	SCRATCH_PERCPU,
	SCRATCHES,
};

/* A thread, a soft interrupt, an interrupt: before 6.1 (05b24ff9b2cf "bpf: Prevent bpf
 * program recursion for raw tracepoint probes") each may interrupt a program in itself.
 */
#define MOST_UNDER_WAY 3

/* Of one program on one CPU: an interrupt may interrupt it in another. */
struct scratch {
	__u64 under_way;
	struct stack stacks[MOST_UNDER_WAY];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SCRATCHES);
	__type(key, __u32);
	__type(value, struct scratch);
} scratches SEC(".maps");

/* Returns the hash of the frames, not 0. */
static __always_inline __u64 kernel_stack(void *ctx, struct stack *stack)
{
	__u64 hash = 0x6d656d7472616365ULL;
	long size_bytes = bpf_get_stack(ctx, stack->frames, sizeof(stack->frames), 0);
	__u32 length = 0;

	if (size_bytes > 0)
		length = size_bytes / sizeof(__u64);
	if (length > max_stack_depth)
		length = max_stack_depth;
#pragma clang loop unroll(disable)
	for (__u32 i = 0; i < MAX_FRAMES; i++) {
		if (i >= length)
			break;
		hash = (hash ^ stack->frames[i]) * 0x9e3779b97f4a7c15ULL;
		hash ^= hash >> 29;
	}
	stack->length = length;
	stack->end = length == max_stack_depth ? END_DEPTH : END_ROOT;
	return hash ? hash : 1;
}

static __always_inline void freed(__u64 address, __u32 kind, int is_guess)
{
	struct block_key key = { .address = address, .image = KERNEL_IMAGE };
	struct live_block block;

	if (!address || !is_recording())
		return;
	if (take_block(&key, &block))
		book_free(KERNEL_IMAGE, kind, &block, bpf_ktime_get_ns());
	else if (!is_guess)
		count_loss(COUNT_UNKNOWN_FREES, 0);
}

static __always_inline int allocated(void *ctx, __u32 owner, __u64 address, __u64 size_bytes,
				     __u32 kind)
{
	struct block_key key = { .address = address, .image = KERNEL_IMAGE };
	struct site_key site_key = { .image = KERNEL_IMAGE, .kind = kind };
	struct scratch *scratch = bpf_map_lookup_elem(&scratches, &owner);
	struct stack *stack;
	__u64 under_way;

	if (!address || !scratch || !is_recording())
		return 0;
	if (frees_are_missed)
		freed(address, kind, 1);
	if (size_bytes < min_size_bytes || size_bytes > max_size_bytes)
		return 0;
	if (sample_every > 1 && bpf_get_prandom_u32() % sample_every)
		return 0;
	under_way = scratch->under_way;
	if (under_way >= MOST_UNDER_WAY) {
		count_loss(LOSS_BUSY, size_bytes);
		return 0;
	}
	scratch->under_way = under_way + 1;
	barrier();
	stack = &scratch->stacks[under_way];
	site_key.stack = kernel_stack(ctx, stack);
	book_allocation(&key, &site_key, stack, size_bytes, bpf_ktime_get_ns());
	barrier();
	scratch->under_way = under_way;
	return 0;
}

/* (call site, address, bytes asked for, bytes given, ...) */
static __always_inline __u64 kmalloc_size(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 third = ctx->args[3], fourth = ctx->args[4];

	return kmalloc_gives_cache ? fourth : third;
}

SEC("raw_tracepoint/kmalloc")
int kmalloc_made(struct bpf_raw_tracepoint_args *ctx)
{
	return allocated(ctx, SCRATCH_KMALLOC, ctx->args[1], kmalloc_size(ctx), KIND_SLAB);
}

/* Before 6.1 (11e9734bcb6a "mm/slab_common: unify NUMA and UMA version of tracepoints")
 * there are tracepoints of their own for a given node.
 */
SEC("raw_tracepoint/kmalloc_node")
int kmalloc_node_made(struct bpf_raw_tracepoint_args *ctx)
{
	return allocated(ctx, SCRATCH_KMALLOC_NODE, ctx->args[1], kmalloc_size(ctx), KIND_SLAB);
}

/* What an object takes, not what of it is used: before 6.0 nothing else is told. */
static __always_inline __u64 cache_object_size(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 size_bytes = 0;

	if (!gives_cache)
		return ctx->args[3];
	if (bpf_probe_read_kernel(&size_bytes, sizeof(size_bytes),
				  (void *)ctx->args[2] + cache_size_offset))
		count_loss(LOSS_UNREADABLE, 0);
	return size_bytes;
}

SEC("raw_tracepoint/kmem_cache_alloc")
int cache_made(struct bpf_raw_tracepoint_args *ctx)
{
	return allocated(ctx, SCRATCH_CACHE, ctx->args[1], cache_object_size(ctx), KIND_SLAB);
}

SEC("raw_tracepoint/kmem_cache_alloc_node")
int cache_node_made(struct bpf_raw_tracepoint_args *ctx)
{
	return allocated(ctx, SCRATCH_CACHE_NODE, ctx->args[1], cache_object_size(ctx), KIND_SLAB);
}

/* (call site, address, ...) */
SEC("raw_tracepoint/kfree")
int kmalloc_freed(struct bpf_raw_tracepoint_args *ctx)
{
	freed(ctx->args[1], KIND_SLAB, 0);
	return 0;
}

SEC("raw_tracepoint/kmem_cache_free")
int cache_freed(struct bpf_raw_tracepoint_args *ctx)
{
	freed(ctx->args[1], KIND_SLAB, 0);
	return 0;
}

/* (struct page *, order, ...): a page is known by its struct's address. */
SEC("raw_tracepoint/mm_page_alloc")
int pages_made(struct bpf_raw_tracepoint_args *ctx)
{
	return allocated(ctx, SCRATCH_PAGES, ctx->args[0], page_size_bytes << (ctx->args[1] & 63),
			 KIND_PAGES);
}

SEC("raw_tracepoint/mm_page_free")
int pages_freed(struct bpf_raw_tracepoint_args *ctx)
{
	freed(ctx->args[0], KIND_PAGES, 0);
	return 0;
}

/* (reserved, atomic, size, align, base, offset, address, ...) */
SEC("raw_tracepoint/percpu_alloc_percpu")
int percpu_made(struct bpf_raw_tracepoint_args *ctx)
{
	if (percpu_first_argument)
		return allocated(ctx, SCRATCH_PERCPU, ctx->args[7], ctx->args[3], KIND_PERCPU);
	return allocated(ctx, SCRATCH_PERCPU, ctx->args[6], ctx->args[2], KIND_PERCPU);
}

/* (base, offset, address) */
SEC("raw_tracepoint/percpu_free_percpu")
int percpu_freed(struct bpf_raw_tracepoint_args *ctx)
{
	freed(ctx->args[2], KIND_PERCPU, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
