/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_WIRE_H
#define MEMTRACE_WIRE_H

/* What the programs write and user space reads. User space learns these
 * layouts and the values of the enums from the object's BTF, by name.
 */
#include <linux/types.h>

#define MAX_FRAMES 127
#define LIFETIME_BUCKETS 32
#define COMMAND_LENGTH 16
/* A power of two. */
#define NAMES_LENGTH 1024
/* Attached functions of one session; a probe's cookie is its index here. */
#define MAX_PROBES 1024

/* Where the probe of a function is hit. */
struct probe_place {
	__u64 address;
	__u32 pid;
	__u32 zero;
};

enum allocation_kind {
	KIND_HEAP,
	KIND_SLAB,
	KIND_PAGES,
	KIND_PERCPU,
};

enum stack_end {
	END_ROOT,
	END_DEPTH,
	END_BROKEN,
	END_LOST,
};

enum loss_reason {
	LOSS_BLOCKS_FULL,
	LOSS_STACKS_FULL,
	LOSS_SITES_FULL,
	LOSS_THREADS_FULL,
	LOSS_BUSY,
	LOSS_UNMATCHED_RETURN,
	LOSS_ABANDONED_CALL,
	LOSS_MISSED_FREE,
	LOSS_EVENTS_FULL,
	LOSS_IMAGES_FULL,
	LOSS_UNREADABLE,
	LOSS_MAY_THROW,
	/* Not a loss: a free of a block from before the session. */
	COUNT_UNKNOWN_FREES,
	LOSS_REASONS,
};

enum event_kind {
	EVENT_FORK,
	EVENT_EXEC,
	EVENT_EXIT,
	/* The dynamic linker has mapped or unmapped something. */
	EVENT_LIBRARIES,
	/* The first allocator call of an image. */
	EVENT_FIRST_CALL,
	EVENT_MAP,
	EVENT_UNMAP,
	EVENT_REMAP,
	EVENT_ALLOC,
	EVENT_FREE,
};

struct block_key {
	__u64 address;
	__u32 image;
	__u32 zero;
};

struct live_block {
	__u64 size_bytes;
	__u64 born_ns;
	__u64 stack;
};

struct site_key {
	__u64 stack;
	__u32 image;
	enum allocation_kind kind;
};

/* What was freed stands before what was allocated: a reader copies upwards,
 * so that a pair between the two reads never makes a site negative.
 */
struct site {
	__u64 freed_bytes;
	__u64 freed_blocks;
	__u64 allocated_bytes;
	__u64 allocated_blocks;
	__u64 first_ns;
	__u64 latest_ns;
	__u32 lifetimes[LIFETIME_BUCKETS];
};

struct stack {
	__u32 length;
	enum stack_end end;
	__u64 frames[MAX_FRAMES];
};

struct process {
	__u32 image;
	__u32 parent;
	__u32 called;
	__u32 zero;
};

struct loss {
	__u64 count;
	__u64 bytes;
};

struct event {
	__u64 at_ns;
	__u64 address;
	__u64 size_bytes;
	/* EVENT_REMAP: where the mapping was and how long. */
	__u64 old_address;
	__u64 old_size_bytes;
	__u64 stack;
	enum event_kind kind;
	__u32 pid;
	__u32 tid;
	__u32 image;
	/* EVENT_MAP: as given to mmap(). */
	__u32 protection;
	__u32 flags;
	/* EVENT_FORK: the child. EVENT_EXEC: the thread that called it. */
	__u32 other_pid;
	__u32 other_image;
	char command[COMMAND_LENGTH];
};

enum names_flag {
	/* More directories above, or longer, than there is room for. */
	NAMES_CUT = 1,
	/* The uppermost name is not below the file system's root. */
	NAMES_DETACHED = 2,
	/* No directory entry leads here any more. */
	NAMES_UNLINKED = 4,
	/* There is no tree: one name, e.g. of a memfd. */
	NAMES_ROOTLESS = 8,
};

/* From the leaf up, each ended by a NUL; `length` bytes of them, NULs counted. */
struct file_names {
	__u32 length;
	__u32 flags;
	char names[NAMES_LENGTH + 256];
};

#endif
