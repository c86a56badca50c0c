/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_CALLS_BPF_H
#define MEMTRACE_CALLS_BPF_H

#include "lib/page-uses.bpf.h"

#ifdef ANY_KERNEL
/* From 5.10 on: threads by number. The calls of the longest-idle ones go. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1 << 14);
	__type(key, __u64);
	__type(value, struct call);
} calls SEC(".maps");

static const struct call no_call;

static __always_inline struct task_struct *current_task(void)
{
	return (struct task_struct *)bpf_get_current_task();
}

static __always_inline struct call *call_of(struct task_struct *task)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct call *call = bpf_map_lookup_elem(&calls, &thread);

	if (call)
		return call;
	bpf_map_update_elem(&calls, &thread, &no_call, BPF_NOEXIST);
	call = bpf_map_lookup_elem(&calls, &thread);
	if (!call)
		count_cache_loss(CACHE_LOSS_THREADS_FULL, 1);
	return call;
}
#else
/* Goes with its thread: nothing to clean up, and no table shared by the CPUs.
 * Task storage is for tracing programs, from 5.12 on (a10787e6d58c "bpf: Enable
 * task local storage for tracing programs").
 */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct call);
} calls SEC(".maps");

static __always_inline struct call *call_of(struct task_struct *task)
{
	struct call *call = bpf_task_storage_get(&calls, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (!call)
		count_cache_loss(CACHE_LOSS_THREADS_FULL, 1);
	return call;
}

static __always_inline struct task_struct *current_task(void)
{
	return bpf_get_current_task_btf();
}
#endif

/* What stays the same during one read(), and is another one in the next: the
 * kernel counts a thread's read calls when they end.
 */
static __always_inline __u64 read_generation(struct task_struct *task, const struct call *call)
{
	return PEEK(task, ioac.syscr) + call->uncounted_reads + 1;
}

static __always_inline __u64 write_generation(struct task_struct *task)
{
	return PEEK(task, ioac.syscw) + 1;
}

/* Faults are counted when they are done; one that has to be tried again is not. */
static __always_inline __u64 fault_generation(struct task_struct *task)
{
	return PEEK(task, min_flt) + PEEK(task, maj_flt) + 1;
}

static __always_inline __u64 inserter_of(struct task_struct *task, __u64 generation)
{
	return (__u64)PEEK(task, pid) << 32 ^ generation;
}

/* What inserts without having asked for read-ahead may be a write. */
static __always_inline __u64 writer_of(struct task_struct *task)
{
	return 1ULL << 63 | inserter_of(task, write_generation(task));
}

#endif
