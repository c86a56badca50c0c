/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_SYSCALL_BPF_H
#define MEMTRACE_SYSCALL_BPF_H

#include "lib/kernel.bpf.h"

#define OVERLAYFS_SUPER_MAGIC 0x794c7630
#define NO_POSITION (~0ULL)

/* A system call by number and arguments, as user space made it. */
struct syscall {
	__u64 number;
	__u64 arguments[4];
};

#if defined(__TARGET_ARCH_x86)
#define SYSCALL_READ 0
#define SYSCALL_PREAD64 17
#define SYSCALL_READV 19
#define SYSCALL_SENDFILE 40
#define SYSCALL_SPLICE 275
#define SYSCALL_PREADV 295
#define SYSCALL_COPY_FILE_RANGE 326
#define SYSCALL_PREADV2 327
#elif defined(__TARGET_ARCH_arm64)
#define SYSCALL_READ 63
#define SYSCALL_PREAD64 67
#define SYSCALL_READV 65
#define SYSCALL_SENDFILE 71
#define SYSCALL_SPLICE 76
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
		.arguments = { regs->rdi, regs->rsi, regs->rdx, regs->r10 },
	};
#else
	return (struct syscall){
		.number = regs->syscallno,
		.arguments = { regs->regs[0], regs->regs[1], regs->regs[2], regs->regs[3] },
	};
#endif
}

/* sendfile() and copy_file_range() read in parts: one call all the same. */
static __always_inline int reads_in_parts(const struct syscall *call)
{
	return call->number == SYSCALL_SENDFILE || call->number == SYSCALL_COPY_FILE_RANGE;
}

static __always_inline struct file *open_file(struct task_struct *task, __u32 descriptor)
{
	struct files_struct *files = PEEK(task, files);
	struct fdtable *table = BPF_CORE_READ(files, fdt);
	struct file *file = NULL;

	if (descriptor < BPF_CORE_READ(table, max_fds))
		bpf_probe_read_kernel(&file, sizeof(file), BPF_CORE_READ(table, fd) + descriptor);
	return file;
}

/* Where in the file a read() or the like began, in bytes. A file on overlayfs
 * is read at the same position as the one below it.
 */
static __always_inline __u64 read_position(struct task_struct *task, const struct syscall *call,
					   struct address_space *mapping)
{
	__u64 descriptor = call->arguments[0], position = NO_POSITION, given = 0;
	struct file *file;

	switch (call->number) {
	case SYSCALL_READ:
	case SYSCALL_READV:
		break;
	case SYSCALL_PREAD64:
	case SYSCALL_PREADV:
	case SYSCALL_PREADV2:
		/* preadv2() with -1 is readv(). */
		position = call->arguments[3];
		break;
	case SYSCALL_SENDFILE:
		descriptor = call->arguments[1];
		given = call->arguments[2];
		break;
	case SYSCALL_SPLICE:
	case SYSCALL_COPY_FILE_RANGE:
		given = call->arguments[1];
		break;
	default:
		return NO_POSITION;
	}
	file = open_file(task, descriptor);
	if (BPF_CORE_READ(file, f_mapping) != mapping &&
	    BPF_CORE_READ(file, f_mapping, host, i_sb, s_magic) != OVERLAYFS_SUPER_MAGIC)
		return NO_POSITION;
	if (given && bpf_probe_read_user(&position, sizeof(position), (void *)given))
		return NO_POSITION;
	return position == NO_POSITION ? (__u64)BPF_CORE_READ(file, f_pos) : position;
}

#endif
