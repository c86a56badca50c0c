/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_FIRST_CALL_BPF_H
#define MEMTRACE_FIRST_CALL_BPF_H

#include "lib/events.bpf.h"
#include "lib/processes.bpf.h"

/* A command that memtrace started waits at its first allocator call until user
 * space has read its mappings: a short one would be gone before.
 */
const volatile __u8 hold_first_call = 0;
#define LONGEST_HOLD_NS (100ULL * 1000 * 1000)
#define HOLD_ROUNDS 1024

/* Images whose mappings user space has read. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u32);
} known_images SEC(".maps");

/* The verifier goes through each of these two once: a loop of bpf_loop() (5.17)
 * would not even load before.
 */
__noinline int is_held_long(__u32 image, __u64 until_ns)
{
	for (__u32 i = 0; i < HOLD_ROUNDS; i++) {
		if (bpf_map_lookup_elem(&known_images, &image) || bpf_ktime_get_ns() > until_ns)
			return 0;
	}
	return 1;
}

__noinline int hold(__u32 image)
{
	__u64 until_ns = bpf_ktime_get_ns() + LONGEST_HOLD_NS;

	for (__u32 i = 0; i < HOLD_ROUNDS; i++) {
		if (!is_held_long(image, until_ns))
			break;
	}
	return 0;
}

/* User space reads the mappings then, while there is somebody to ask. */
static __always_inline void note_first_call(struct process *process)
{
	struct event event = { .kind = EVENT_FIRST_CALL, .image = process->image };

	if (process->called)
		return;
	process->called = 1;
	send_event(&event);
	if (hold_first_call)
		hold(process->image);
}

#endif
