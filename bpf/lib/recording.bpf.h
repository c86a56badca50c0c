/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_RECORDING_BPF_H
#define MEMTRACE_RECORDING_BPF_H

#include "lib/bpf.h"

/* Off until every probe is in place and from the moment that the session ends,
 * so that all calls are seen between the same two instants.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} recording SEC(".maps");

static __always_inline int is_recording(void)
{
	__u32 zero = 0, *on = bpf_map_lookup_elem(&recording, &zero);

	return on && *on;
}

#endif
