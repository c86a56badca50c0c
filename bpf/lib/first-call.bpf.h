/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_FIRST_CALL_BPF_H
#define MEMTRACE_FIRST_CALL_BPF_H

#include "lib/events.bpf.h"
#include "lib/processes.bpf.h"

/* A command that memtrace started waits at its first allocator call until user
 * space has read its mappings: a short one would be gone before. bpf_loop() is
 * there (5.17).
 */
const volatile __u8 hold_first_call = 0;
#define LONGEST_HOLD_NS (100ULL * 1000 * 1000)
#define HOLD_ROUNDS (1 << 22)

/* Images whose mappings user space has read. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u32);
} known_images SEC(".maps");

struct hold {
	__u64 until_ns;
	__u32 image;
	__u32 zero;
};

static long is_held(__u32 round, struct hold *hold)
{
	return bpf_map_lookup_elem(&known_images, &hold->image) ||
	       bpf_ktime_get_ns() > hold->until_ns;
}

/* User space reads the mappings then, while there is somebody to ask. */
static __always_inline void note_first_call(struct process *process)
{
	struct event event = { .kind = EVENT_FIRST_CALL, .image = process->image };

	if (process->called)
		return;
	process->called = 1;
	send_event(&event);
	if (hold_first_call) {
		struct hold hold = {
			.until_ns = bpf_ktime_get_ns() + LONGEST_HOLD_NS,
			.image = process->image,
		};

		bpf_loop(HOLD_ROUNDS, is_held, &hold, 0);
	}
}

#endif
