/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_KERNEL_BPF_H
#define MEMTRACE_KERNEL_BPF_H

#include "lib/inode.bpf.h"
#include "lib/map.bpf.h"

#define PF_MEMALLOC 0x00000800
#define PF_KTHREAD 0x00200000

#define TMPFS_MAGIC 0x01021994
#define BTRFS_SUPER_MAGIC 0x9123683e

/* Only what is read, found by name in the BTF of the kernel: see inode.bpf.h. */
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct kernfs_node {
	__u64 id;
};

struct cgroup {
	struct kernfs_node *kn;
};

struct cgroup_subsys_state {
	struct cgroup *cgroup;
};

struct css_set {
	struct cgroup_subsys_state *subsys[1];
	struct cgroup *dfl_cgrp;
};

struct ns_common {
	unsigned int inum;
};

struct mnt_namespace {
	struct ns_common ns;
};

struct nsproxy {
	struct mnt_namespace *mnt_ns;
};

struct task_io_accounting {
	__u64 syscr;
	__u64 syscw;
};

struct task_struct {
	unsigned int flags;
	int pid;
	int tgid;
	unsigned long min_flt;
	unsigned long maj_flt;
	__u64 start_time;
	struct task_struct *group_leader;
	char comm[16];
	struct css_set *cgroups;
	struct files_struct *files;
	void *stack;
	struct nsproxy *nsproxy;
	struct task_io_accounting ioac;
};

struct folio {
	struct address_space *mapping;
	unsigned long index;
	unsigned long _flags_1;
};

/* 6.18 (53fbef56e07d "mm: introduce memdesc_flags_t"): flags became a struct. */
struct memdesc_flags_t {
	unsigned long f;
};

struct folio___flags_struct {
	struct memdesc_flags_t flags;
};

struct folio___flags_word {
	unsigned long flags;
};

/* 6.1 (379708ffde1b "mm: add the first tail page to struct folio") to 6.5: the order
 * has a field of its own.
 */
struct folio___order {
	unsigned char _folio_order;
};

/* Before: of the second page, although a folio is all of them. */
struct page___second {
	unsigned char compound_order;
};

struct file {
	struct address_space *f_mapping;
	long long f_pos;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct kiocb {
	struct file *ki_filp;
	long long ki_pos;
};

struct iov_iter {
	__u64 count;
	/* It is written from. */
	_Bool data_source;
};

struct bpf_iter__task {
	struct task_struct *task;
};

#pragma clang attribute pop

struct bpf_map;
struct io_kiocb;

/* 16 before 6.6 (c704ae979784 "mm: rearrange page flags"): asked of the kernel. */
enum pageflags {
	PG_head = 6,
};

enum cgroup_subsys_id {
	memory_cgrp_id = 4,
};

/* Members by CO-RE: in tracing programs a plain load does, which is cheaper;
 * others define PEEK before they include this.
 */
#ifndef PEEK
#define PEEK(pointer, field) ((pointer)->field)
#endif

static __always_inline unsigned long folio_flags(struct folio *folio)
{
	if (bpf_core_field_exists(((struct folio___flags_struct *)0)->flags.f))
		return PEEK((struct folio___flags_struct *)folio, flags.f);
	return PEEK((struct folio___flags_word *)folio, flags);
}

/* Of a folio of several pages. In _flags_1 since 6.6 (ebc1baf5c9b4 "mm: free up a word
 * in the first tail page"); what a kernel does not have is never reached there.
 */
static __always_inline __u32 folio_order(struct folio *folio)
{
	struct page___second *second = (void *)folio + bpf_core_type_size(struct page___second);

	if (bpf_core_field_exists(((struct folio___order *)0)->_folio_order))
		return PEEK((struct folio___order *)folio, _folio_order);
	/* The verifier of a tracing program knows of one page only. */
	if (bpf_core_field_exists(second->compound_order))
		return BPF_CORE_READ(second, compound_order);
	return PEEK(folio, _flags_1) & 0xff;
}

static __always_inline __u32 folio_pages(struct folio *folio)
{
	if (!(folio_flags(folio) & (1UL << bpf_core_enum_value(enum pageflags, PG_head))))
		return 1;
	return 1U << (folio_order(folio) & 31);
}

#endif
