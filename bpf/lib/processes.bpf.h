/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_PROCESSES_BPF_H
#define MEMTRACE_PROCESSES_BPF_H

#include "lib/losses.bpf.h"
#include "lib/recording.bpf.h"

/* The traced processes by tgid. Each exec begins a new image, so that nothing
 * of the old address space is ever taken for something in the new one.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct process);
} processes SEC(".maps");

static __always_inline struct process *current_process(void)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;

	return bpf_map_lookup_elem(&processes, &pid);
}

/* By chance instead of by counting: an atomic add that returns came with 5.12.
 * User space numbers the processes that it names from 1.
 */
static __always_inline __u32 new_image(void)
{
	return bpf_get_prandom_u32() | 0x80000000;
}

#endif
