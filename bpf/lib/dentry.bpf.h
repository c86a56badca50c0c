/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_DENTRY_BPF_H
#define MEMTRACE_DENTRY_BPF_H

#include "lib/inode.bpf.h"

/* A name and its NUL. */
#define NAME_LENGTH 256
#define MAX_NAMES 64
/* Made from a file handle, and not connected to the tree so far. */
#define DCACHE_DISCONNECTED 0x20

static __always_inline __u32 alias_offset(void)
{
	if (bpf_core_field_exists(struct dentry___named_union, d_u))
		return bpf_core_field_offset(struct dentry___named_union, d_u.d_alias);
	return bpf_core_field_offset(struct dentry, d_alias);
}

static __always_inline int is_unlinked(struct dentry *dentry)
{
	return !BPF_CORE_READ(dentry, d_hash.pprev) && BPF_CORE_READ(dentry, d_parent) != dentry;
}

/* A hard link has several: one of the first that still stands in its directory.
 * Linux 5.10 does not take what clang makes of a loop here.
 */
static __always_inline struct dentry *dentry_of_inode(struct inode *inode)
{
	struct hlist_node *first = BPF_CORE_READ(inode, i_dentry.first), *next;
	__u32 offset = alias_offset();
	struct dentry *dentry = (void *)first - offset;

	if (!first)
		return NULL;
	if (!is_unlinked(dentry))
		return dentry;
	next = BPF_CORE_READ(first, next);
	if (next && !is_unlinked((void *)next - offset))
		return (void *)next - offset;
	next = BPF_CORE_READ(next, next);
	if (next && !is_unlinked((void *)next - offset))
		return (void *)next - offset;
	return dentry;
}

/* The names that the dentry cache has for an inode, from the leaf up; length 0
 * where there is none. Takes no lock and no reference: right to call in any
 * program that may read kernel memory.
 */
static __always_inline void inode_names(struct inode *inode, struct file_names *to)
{
	struct dentry *dentry = dentry_of_inode(inode);
	__u32 flags = 0;
	__u64 length = 0;

	to->length = 0;
	to->flags = 0;
	if (!dentry)
		return;
	if (is_unlinked(dentry))
		flags |= NAMES_UNLINKED;
	for (int i = 0; i <= MAX_NAMES; i++) {
		struct dentry *parent = BPF_CORE_READ(dentry, d_parent);
		const unsigned char *name = BPF_CORE_READ(dentry, d_name.name);
		__u64 at = length;
		long read;

		/* For the verifier: a name may begin at the last byte. */
		asm volatile("%0 &= %1" : "+r"(at) : "i"(NAMES_LENGTH - 1));
		if (i == MAX_NAMES || at != length) {
			flags |= NAMES_CUT;
			break;
		}
		read = bpf_probe_read_kernel_str(to->names + at, NAME_LENGTH, name);
		if (read <= 1) {
			flags |= NAMES_CUT;
			break;
		}
		if (parent == dentry) {
			if (BPF_CORE_READ(dentry, d_flags) & DCACHE_DISCONNECTED)
				flags |= NAMES_DETACHED;
			/* The root of a memfd or an anonymous mapping is the file itself. */
			else if (to->names[at] != '/')
				flags |= NAMES_ROOTLESS;
			if (to->names[at] != '/')
				length += read;
			break;
		}
		length += read;
		dentry = parent;
	}
	to->length = length;
	to->flags = flags;
}

#endif
