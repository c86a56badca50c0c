/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_EVENTS_BPF_H
#define MEMTRACE_EVENTS_BPF_H

#include "lib/losses.bpf.h"

/* Keeps the layout in the object's BTF: a ring buffer has no value type. */
const struct event *event_layout;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} events SEC(".maps");

/* Gives the event its time, thread and command, and sends it. */
static __always_inline void send_event(struct event *event)
{
	__u64 pid_tgid = bpf_get_current_pid_tgid();

	event->at_ns = bpf_ktime_get_ns();
	event->pid = pid_tgid >> 32;
	event->tid = (__u32)pid_tgid;
	bpf_get_current_comm(event->command, sizeof(event->command));
	if (bpf_ringbuf_output(&events, event, sizeof(*event), 0))
		count_loss(LOSS_EVENTS_FULL, event->size_bytes);
}

#endif
