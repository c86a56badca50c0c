/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
/* What one hit costs on this machine, and which links the kernel takes: an
 * empty program on a function of memtrace's own.
 */
#include "lib/bpf.h"

__u64 hits = 0;
/* 1: a session link leaves the return out. */
const volatile __u32 skip_return = 0;

SEC("uprobe")
int calibrate(struct pt_regs *ctx)
{
	__sync_fetch_and_add(&hits, 1);
	return skip_return != 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
