/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
/* Paths of files that processes have open or mapped, as the kernel itself
 * writes them, however long. For files that the dentry cache had no name for.
 */
#include "cache_wire.h"
#include "lib/inode.bpf.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct path {
	struct dentry *dentry;
};

struct file {
	struct path f_path;
	struct inode *f_inode;
};

struct vm_area_struct {
	struct file *vm_file;
};

struct bpf_iter__task_file {
	struct file *file;
};

struct bpf_iter__task_vma {
	struct vm_area_struct *vma;
};

#pragma clang attribute pop

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, MAX_OPEN_PATHS);
	__type(key, struct file_key);
	__type(value, struct open_path);
} open_paths SEC(".maps");

static __always_inline int find_path(struct file *file)
{
	struct inode *inode = file->f_inode;
	struct file_key key = {};
	struct open_path *found;
	long length;

	if (!inode)
		return 0;
	key.inode = inode->i_ino;
	key.device = inode->i_sb->s_dev;
	found = bpf_map_lookup_elem(&open_paths, &key);
	if (!found || found->length)
		return 0;
	length = bpf_d_path(&file->f_path, found->path, sizeof(found->path));
	if (length > 0)
		found->length = length;
	return 0;
}

SEC("iter/task_file")
int find_open(struct bpf_iter__task_file *context)
{
	struct file *file = context->file;

	return file ? find_path(file) : 0;
}

SEC("iter/task_vma")
int find_mapped(struct bpf_iter__task_vma *context)
{
	struct vm_area_struct *vma = context->vma;
	struct file *file;

	if (!vma)
		return 0;
	file = vma->vm_file;
	return file ? find_path(file) : 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
