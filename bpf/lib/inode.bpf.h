/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_INODE_BPF_H
#define MEMTRACE_INODE_BPF_H

#include "lib/bpf.h"
#include <bpf/bpf_core_read.h>

/* The parts of the kernel's structs that are read, found by name in the BTF of
 * the kernel that loads the program: order and sizes here mean nothing.
 */
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct list_head {
	struct list_head *next;
	struct list_head *prev;
};

struct hlist_node {
	struct hlist_node *next;
};

struct hlist_head {
	struct hlist_node *first;
};

struct hlist_bl_node {
	struct hlist_bl_node **pprev;
};

struct qstr {
	const unsigned char *name;
};

struct file_system_type {
	const char *name;
};

struct dentry {
	unsigned int d_flags;
	struct hlist_bl_node d_hash;
	struct dentry *d_parent;
	/* Since 6.16 within a union with __d_name: still found as d_name. */
	struct qstr d_name;
	struct inode *d_inode;
	struct hlist_node d_alias;
};

/* Until 7.1 (2420067cecac "struct dentry: make ->d_u anonymous"). */
struct dentry___named_union {
	union {
		struct hlist_node d_alias;
	} d_u;
};

struct super_block {
	struct list_head s_list;
	__u32 s_dev;
	unsigned long s_magic;
	struct dentry *s_root;
	struct file_system_type *s_type;
	struct list_head s_inodes;
};

struct address_space {
	struct inode *host;
	unsigned long nrpages;
	unsigned long flags;
};

struct inode {
	unsigned short i_mode;
	struct super_block *i_sb;
	struct address_space *i_mapping;
	unsigned long i_ino;
	unsigned int i_nlink;
	__u32 i_rdev;
	long long i_size;
	__u32 i_generation;
	struct list_head i_sb_list;
	struct hlist_head i_dentry;
	struct address_space i_data;
};

#pragma clang attribute pop

#endif
