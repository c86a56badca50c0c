/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_SYSCALL_BPF_H
#define MEMTRACE_SYSCALL_BPF_H

#include "lib/kernel.bpf.h"

#define OVERLAYFS_SUPER_MAGIC 0x794c7630
#define NO_POSITION (~0ULL)

/* A system call by number and arguments, as user space made it. */
struct syscall {
	__u64 number;
	__u64 first;
	__u64 fourth;
};

#if defined(__TARGET_ARCH_x86)
#define SYSCALL_READ 0
#define SYSCALL_PREAD64 17
#define SYSCALL_READV 19
#define SYSCALL_SENDFILE 40
#define SYSCALL_PREADV 295
#define SYSCALL_COPY_FILE_RANGE 326
#define SYSCALL_PREADV2 327
#elif defined(__TARGET_ARCH_arm64)
#define SYSCALL_READ 63
#define SYSCALL_PREAD64 67
#define SYSCALL_READV 65
#define SYSCALL_SENDFILE 71
#define SYSCALL_PREADV 69
#define SYSCALL_COPY_FILE_RANGE 285
#define SYSCALL_PREADV2 286
/* What the kernel's struct has behind user_pt_regs. */
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct pt_regs {
	__u64 regs[31];
	int syscallno;
};
#pragma clang attribute pop
#endif

static __always_inline struct syscall current_syscall(struct task_struct *task)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(task);

#if defined(__TARGET_ARCH_x86)
	return (struct syscall){
		.number = regs->orig_rax,
		.first = regs->rdi,
		.fourth = regs->r10,
	};
#else
	return (struct syscall){
		.number = regs->syscallno,
		.first = regs->regs[0],
		.fourth = regs->regs[3],
	};
#endif
}

/* Where in the file a read() or the like began, in bytes. A file on overlayfs
 * is read at the same position as the one below it.
 */
static __always_inline __u64 read_position(struct task_struct *task, const struct syscall *call,
					   struct address_space *mapping)
{
	struct files_struct *files = task->files;
	struct fdtable *table;
	struct file **descriptors, *file = NULL;
	int positioned = call->number == SYSCALL_PREAD64 || call->number == SYSCALL_PREADV ||
			 call->number == SYSCALL_PREADV2;

	if (!positioned && call->number != SYSCALL_READ && call->number != SYSCALL_READV)
		return NO_POSITION;
	table = BPF_CORE_READ(files, fdt);
	if ((__u32)call->first >= BPF_CORE_READ(table, max_fds))
		return NO_POSITION;
	descriptors = BPF_CORE_READ(table, fd);
	bpf_probe_read_kernel(&file, sizeof(file), descriptors + (__u32)call->first);
	if (BPF_CORE_READ(file, f_mapping) != mapping &&
	    BPF_CORE_READ(file, f_mapping, host, i_sb, s_magic) != OVERLAYFS_SUPER_MAGIC)
		return NO_POSITION;
	/* preadv2() with -1 is readv(). */
	if (positioned && (long long)call->fourth >= 0)
		return call->fourth;
	return BPF_CORE_READ(file, f_pos);
}

#endif
