/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_CACHE_REFRESH_BPF_H
#define MEMTRACE_CACHE_REFRESH_BPF_H

/* What user space runs before it reads the tables. */
#include "lib/calls.bpf.h"

static long refresh_file(struct bpf_map *map, __u64 *id, struct file_facts *facts, void *context)
{
	struct inode *inode = (struct inode *)facts->inode_address;
	struct super_block *super = BPF_CORE_READ(inode, i_sb);

	/* Its memory may be another inode's by now. */
	facts->gone = BPF_CORE_READ(inode, i_ino) != facts->inode ||
		      BPF_CORE_READ(inode, i_generation) != facts->generation ||
		      BPF_CORE_READ(super, s_dev) != facts->device;
	if (facts->gone)
		return 0;
	facts->size_bytes = BPF_CORE_READ(inode, i_size);
	facts->links = BPF_CORE_READ(inode, i_nlink);
	facts->resident_pages = BPF_CORE_READ(inode, i_data.nrpages);
	return 0;
}

SEC("syscall")
int refresh_files(void *context)
{
	bpf_for_each_map_elem(&files, refresh_file, NULL, 0);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(process_replaced, struct task_struct *task)
{
	update_command(process_id(task));
	return 0;
}

#endif
