/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_PAGE_USES_BPF_H
#define MEMTRACE_PAGE_USES_BPF_H

#include "lib/cache.bpf.h"
#include "lib/dentry.bpf.h"
#include "lib/kernel.bpf.h"

/* What tells a file from every other one in this session: an inode number is
 * given again with another generation. Btrfs has the same number in each
 * subvolume, and one super block for all.
 */
static __always_inline __u64 file_id(struct inode *inode)
{
	struct super_block *super = PEEK(inode, i_sb);
	__u64 id = mix(mix(0, PEEK(super, s_dev)), PEEK(inode, i_ino));

	id = mix(id, PEEK(inode, i_generation));
	/* Read as a number: a pointer must not be mixed. */
	if (PEEK(super, s_magic) == BTRFS_SUPER_MAGIC)
		id = mix(id, (__u64)BPF_CORE_READ(inode, i_mapping));
	return id;
}

/* The kernel gives a pid again: with its start in ms it is one of a kind. */
static __always_inline __u64 process_id(struct task_struct *task)
{
	struct task_struct *leader = PEEK(task, group_leader);

	return (__u64)PEEK(task, tgid) << 32 | (__u32)(PEEK(leader, start_time) >> 20);
}

/* Of the memory controller, in whichever hierarchy it is. */
static __always_inline __u64 cgroup_id(struct task_struct *task)
{
	struct css_set *set = PEEK(task, cgroups);
	struct cgroup_subsys_state *state;
	struct cgroup *cgroup;
	struct kernfs_node *node;

	if (bpf_core_enum_value_exists(enum cgroup_subsys_id, memory_cgrp_id)) {
		state = PEEK(set,
			     subsys[bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id)]);
		cgroup = PEEK(state, cgroup);
	} else {
		cgroup = PEEK(set, dfl_cgrp);
	}
	node = PEEK(cgroup, kn);
	return PEEK(node, id);
}

static __always_inline void note_process(struct task_struct *task, __u64 id)
{
	struct task_struct *leader = PEEK(task, group_leader);
	struct process_facts facts = {};

	if (bpf_map_lookup_elem(&processes_seen, &id))
		return;
	facts.pid = PEEK(task, tgid);
	facts.uid = (__u32)bpf_get_current_uid_gid();
	facts.is_kernel_thread = !!(PEEK(task, flags) & PF_KTHREAD);
	/* Threads have names of their own. */
	bpf_probe_read_kernel(facts.command, sizeof(facts.command),
			      __builtin_preserve_access_index(&leader->comm));
	if (is_refused(map_add(&processes_seen, &id, &facts)))
		count_cache_loss(CACHE_LOSS_PROCESSES_FULL, 1);
}

/* In place: the facts are too big for the stack, and a scratch of the CPU's is
 * not ours alone in programs that may be preempted.
 */
static __noinline int note_file(struct inode *inode, __u64 id, struct task_struct *task)
{
	struct super_block *super = PEEK(inode, i_sb);
	struct file_facts *facts = bpf_map_lookup_elem(&files, &id);

	if (facts)
		return 0;
	if (is_refused(map_add(&files, &id, &no_facts)))
		count_cache_loss(CACHE_LOSS_FILES_FULL, 1);
	facts = bpf_map_lookup_elem(&files, &id);
	if (!facts || facts->is_whole)
		return 0;
	facts->inode_address = (__u64)inode;
	facts->inode = PEEK(inode, i_ino);
	facts->magic = PEEK(super, s_magic);
	facts->size_bytes = PEEK(inode, i_size);
	facts->device = PEEK(super, s_dev);
	facts->generation = PEEK(inode, i_generation);
	facts->links = PEEK(inode, i_nlink);
	facts->pid = PEEK(task, tgid);
#ifdef ANY_KERNEL
	/* Nothing reads its pages again (bpf_for_each_map_elem() came with 5.13). */
	facts->gone = 1;
#endif
	facts->mount_namespace = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
	bpf_probe_read_kernel_str(facts->file_system, sizeof(facts->file_system),
				  BPF_CORE_READ(super, s_type, name));
	inode_names(inode, &facts->names);
	/* Last: user space may be reading. */
	barrier();
	facts->is_whole = 1;
	return 0;
}

static __noinline struct page_counts *new_use(struct task_struct *task, struct use_key *key)
{
	if (is_refused(map_add(&uses, key, &no_counts)))
		count_cache_loss(CACHE_LOSS_USES_FULL, 1);
	note_process(task, key->process);
	return bpf_map_lookup_elem(&uses, key);
}

static __always_inline struct use_key use_key_of(__u64 file, struct task_struct *task)
{
	return (struct use_key){
		.file = file,
		.process = process_id(task),
		.cgroup = cgroup_id(task),
		.cpu = bpf_get_smp_processor_id(),
	};
}

/* The counts of this file as the task's process uses it, or null if the table
 * is full.
 */
static __always_inline struct page_counts *use_of(struct inode *inode, __u64 file,
						  struct task_struct *task)
{
	struct use_key key = use_key_of(file, task);
	struct page_counts *counts = bpf_map_lookup_elem(&uses, &key);

	if (counts)
		return counts;
	note_file(inode, file, task);
	return new_use(task, &key);
}

/* The same of a file that was seen before. */
static __always_inline struct page_counts *known_use(__u64 file, struct task_struct *task)
{
	struct use_key key = use_key_of(file, task);

	return bpf_map_lookup_elem(&uses, &key) ?: new_use(task, &key);
}

static __always_inline __u64 file_pages(struct inode *inode)
{
	return ((__u64)PEEK(inode, i_size) + (1ULL << page_shift) - 1) >> page_shift;
}

/* The command of a process is its latest. */
static __always_inline void update_command(__u64 process)
{
	struct process_facts *facts = bpf_map_lookup_elem(&processes_seen, &process);

	if (facts)
		bpf_get_current_comm(facts->command, sizeof(facts->command));
}

#endif
