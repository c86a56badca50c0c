/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
/* How other tools count page-cache accesses: an increment in one hash table that
 * all CPUs share, by process, user and command. Theirs is a kprobe, which costs
 * more than this tracepoint; the counting is the same.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct key {
	__u32 pid;
	__u32 uid;
	char command[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, struct key);
	__type(value, __u64);
} counts SEC(".maps");

SEC("raw_tracepoint")
int count_call(void *ctx)
{
	struct key key = { .pid = bpf_get_current_pid_tgid() >> 32,
			   .uid = (__u32)bpf_get_current_uid_gid() };
	__u64 one = 1, *count;

	bpf_get_current_comm(key.command, sizeof(key.command));
	count = bpf_map_lookup_elem(&counts, &key);
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		bpf_map_update_elem(&counts, &key, &one, BPF_NOEXIST);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
