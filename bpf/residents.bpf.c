/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
/* Every inode that has pages in the page cache: super blocks, then the inodes
 * of each. A map's iterator drives the walk, in short stretches: each is under
 * the RCU lock, and between two of them the CPU is free for others. The walk
 * takes none of the kernel's locks, so it proves its place at each step.
 */
#include "cache_wire.h"
#include "lib/dentry.bpf.h"

/* Inodes looked at in one stretch. */
#define STRETCH 64
#define STRETCHES 65536

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	void *key;
};

struct vfsmount {
	struct super_block *mnt_sb;
};

struct path {
	struct vfsmount *mnt;
};

struct fs_struct {
	struct path root;
};

struct task_struct {
	struct fs_struct *fs;
};

#pragma clang attribute pop

/* What drives the iterator: its entries mean nothing. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, STRETCHES);
	__type(key, __u32);
	__type(value, __u32);
} stretches SEC(".maps");

/* Where the latest whole stretch ended, and where the one under way is. In a map
 * both: the verifier follows what it knows of a local from step to step.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct resident_walk);
} walk SEC(".maps");

/* Inodes that more is to be known of, by their address. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, struct file_facts);
} wanted SEC(".maps");

/* For user space to find the layouts of what the walk writes. */
const struct resident_super *super_layout __attribute__((unused));
const struct resident_inode *inode_layout __attribute__((unused));

static __always_inline struct super_block *super_of_list(struct list_head *entry)
{
	return (void *)entry - bpf_core_field_offset(struct super_block, s_list);
}

static __always_inline struct inode *inode_of_list(struct list_head *entry)
{
	return (void *)entry - bpf_core_field_offset(struct inode, i_sb_list);
}

static __always_inline struct list_head *inodes_of(struct super_block *super)
{
	return (void *)super + bpf_core_field_offset(struct super_block, s_inodes);
}

/* Not one that is being made or taken down, and not the head of the list. */
static __always_inline int is_super(struct super_block *super)
{
	struct dentry *root = BPF_CORE_READ(super, s_root);

	return root && BPF_CORE_READ(root, d_inode, i_sb) == super;
}

static __always_inline void next_super(struct resident_walk *at)
{
	struct super_block *super;

	if (!at->super) {
		struct task_struct *task = (void *)bpf_get_current_task();

		super = BPF_CORE_READ(task, fs, root.mnt, mnt_sb);
		at->first_super = (__u64)super;
	} else {
		super = (struct super_block *)at->super;
		super = super_of_list(BPF_CORE_READ(super, s_list.next));
	}
	if ((at->super && (__u64)super == at->first_super) || at->supers >= MAX_SUPERS) {
		at->done = 1;
		return;
	}
	at->super = (__u64)super;
	at->supers++;
	if (!is_super(super))
		return;
	at->entry = (__u64)BPF_CORE_READ(super, s_inodes.next);
	at->told = 0;
}

static __always_inline void lose_place(struct resident_walk *at)
{
	at->lost++;
	at->entry = 0;
}

/* The inode that the walk stands at; NULL: none, or it is not there any more. */
static __always_inline struct inode *inode_at(struct resident_walk *at)
{
	struct super_block *super = (struct super_block *)at->super;
	struct list_head *entry = (struct list_head *)at->entry;
	struct inode *inode = inode_of_list(entry);

	if (entry == inodes_of(super)) {
		at->entry = 0;
		return NULL;
	}
	if (BPF_CORE_READ(inode, i_sb) != super) {
		lose_place(at);
		return NULL;
	}
	at->inodes++;
	return inode;
}

static __always_inline void go_on(struct resident_walk *at)
{
	struct list_head *entry = (struct list_head *)at->entry;
	struct list_head *next = BPF_CORE_READ(entry, next);

	/* An inode that leaves the list points to itself. */
	if (!next || next == entry)
		lose_place(at);
	else
		at->entry = (__u64)next;
}

/* NULL: there is nothing left to do. */
static __always_inline struct resident_walk *begin_stretch(void)
{
	__u32 saved_key = 0, key = 1;
	struct resident_walk *saved = bpf_map_lookup_elem(&walk, &saved_key);
	struct resident_walk *at = bpf_map_lookup_elem(&walk, &key);
	struct list_head *entry;

	if (!saved || !at || saved->done)
		return NULL;
	*at = *saved;
	/* Others had the CPU: the inode that the last one ended at may be gone. */
	entry = (struct list_head *)at->entry;
	if (entry && BPF_CORE_READ(entry, prev, next) != entry)
		lose_place(at);
	return at;
}

static __always_inline void end_stretch(const struct resident_walk *at)
{
	__u32 saved_key = 0;
	struct resident_walk *saved = bpf_map_lookup_elem(&walk, &saved_key);

	if (saved)
		*saved = *at;
}

static __always_inline long tell_super(struct seq_file *seq, struct resident_walk *at)
{
	struct super_block *super = (struct super_block *)at->super;
	struct resident_super told = { .super = at->supers };

	told.device = BPF_CORE_READ(super, s_dev);
	told.magic = BPF_CORE_READ(super, s_magic);
	bpf_probe_read_kernel_str(told.file_system, sizeof(told.file_system),
				  BPF_CORE_READ(super, s_type, name));
	at->told = 1;
	return bpf_seq_write(seq, &told, sizeof(told));
}

/* Each inode with pages; before the first one of a super block, that one. */
SEC("iter/bpf_map_elem")
int list_residents(struct bpf_iter__bpf_map_elem *context)
{
	struct seq_file *seq = context->meta->seq;
	struct resident_walk *at = begin_stretch();

	if (!context->key || !at)
		return 0;
	for (int i = 0; i < STRETCH && !at->done; i++) {
		struct resident_inode resident = {};
		struct inode *inode;
		__u64 pages, number;

		if (!at->entry) {
			next_super(at);
			continue;
		}
		inode = inode_at(at);
		if (!inode)
			continue;
		pages = BPF_CORE_READ(inode, i_data.nrpages);
		if (pages) {
			/* What this stretch wrote is thrown away, and it begins anew. */
			if (!at->told && tell_super(seq, at))
				return 0;
			resident.inode_address = (__u64)inode;
			resident.pages = pages;
			resident.super = at->supers;
			number = BPF_CORE_READ(inode, i_ino);
			resident.number = number > ~0U ? ~0U : number;
			if (bpf_seq_write(seq, &resident, sizeof(resident)))
				return 0;
		}
		go_on(at);
	}
	end_stretch(at);
	return 0;
}

static __always_inline void tell_facts(struct inode *inode, struct file_facts *facts)
{
	struct super_block *super = BPF_CORE_READ(inode, i_sb);

	facts->inode_address = (__u64)inode;
	facts->inode = BPF_CORE_READ(inode, i_ino);
	facts->magic = BPF_CORE_READ(super, s_magic);
	facts->size_bytes = BPF_CORE_READ(inode, i_size);
	facts->resident_pages = BPF_CORE_READ(inode, i_data.nrpages);
	facts->device = BPF_CORE_READ(super, s_dev);
	facts->generation = BPF_CORE_READ(inode, i_generation);
	facts->links = BPF_CORE_READ(inode, i_nlink);
	bpf_probe_read_kernel_str(facts->file_system, sizeof(facts->file_system),
				  BPF_CORE_READ(super, s_type, name));
	inode_names(inode, &facts->names);
	facts->is_whole = 1;
}

/* The same walk: only inodes that it meets are surely inodes still. A stretch
 * ends at a wanted one.
 */
SEC("iter/bpf_map_elem")
int describe_wanted(struct bpf_iter__bpf_map_elem *context)
{
	struct resident_walk *at = begin_stretch();
	struct file_facts *facts = NULL;
	struct inode *inode = NULL;

	if (!context->key || !at)
		return 0;
	for (int i = 0; i < STRETCH && !at->done && !facts; i++) {
		__u64 address;

		if (!at->entry) {
			next_super(at);
			continue;
		}
		inode = inode_at(at);
		if (!inode)
			continue;
		address = (__u64)inode;
		facts = bpf_map_lookup_elem(&wanted, &address);
		go_on(at);
	}
	if (facts && !--at->left)
		at->done = 1;
	end_stretch(at);
	if (facts)
		tell_facts(inode, facts);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
