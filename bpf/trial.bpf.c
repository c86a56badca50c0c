/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
/* For the doctor: an empty program of each kind, and a ring buffer, to see
 * which the kernel takes. Uprobes are tried with calibrate.bpf.c.
 */
#include "lib/bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

SEC("raw_tracepoint")
int try_raw_tracepoint(void *ctx)
{
	return 0;
}

SEC("tracepoint")
int try_tracepoint(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
