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

#ifdef ANY_KERNEL
/* Of aarch64 with larger pages a page. */
#define KERNEL_STACK_BYTES 16384

/* bpf_task_pt_regs() came with 5.15. Before, the registers lie at the very top of
 * the stack.
 */
static __always_inline struct syscall current_syscall(struct task_struct *task)
{
	struct syscall syscall = { .number = ~0ULL };
	struct pt_regs *at;
#if defined(__TARGET_ARCH_x86)
	struct pt_regs regs = {};
	__u64 size = sizeof(regs), stack_bytes = KERNEL_STACK_BYTES;
#else
	__u64 size = bpf_core_type_size(struct pt_regs), page = 1ULL << page_shift;
	__u64 stack_bytes = page > KERNEL_STACK_BYTES ? page : KERNEL_STACK_BYTES;
#endif

	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_task_pt_regs))
		at = (struct pt_regs *)bpf_task_pt_regs(bpf_get_current_task_btf());
	else
		at = BPF_CORE_READ(task, stack) + stack_bytes - size;
#if defined(__TARGET_ARCH_x86)
	if (!bpf_probe_read_kernel(&regs, size, at)) {
		syscall.number = regs.orig_rax;
		syscall.arguments[0] = regs.rdi;
		syscall.arguments[1] = regs.rsi;
		syscall.arguments[2] = regs.rdx;
		syscall.arguments[3] = regs.r10;
	}
#else
	if (!bpf_core_read(syscall.arguments, sizeof(syscall.arguments), &at->regs))
		syscall.number = BPF_CORE_READ(at, syscallno);
#endif
	return syscall;
}
#else
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

#endif

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

#define NO_DESCRIPTOR (~0U)

/* Of the file that the call reads. */
static __always_inline __u32 read_descriptor(const struct syscall *call)
{
	switch (call->number) {
	case SYSCALL_READ:
	case SYSCALL_READV:
	case SYSCALL_PREAD64:
	case SYSCALL_PREADV:
	case SYSCALL_PREADV2:
	case SYSCALL_SPLICE:
	case SYSCALL_COPY_FILE_RANGE:
		return call->arguments[0];
	case SYSCALL_SENDFILE:
		return call->arguments[1];
	default:
		return NO_DESCRIPTOR;
	}
}

/* Where in the file the call began to read, in bytes. */
static __always_inline __u64 read_position(const struct syscall *call, struct file *file)
{
	__u64 position = NO_POSITION, given = 0;

	switch (call->number) {
	case SYSCALL_PREAD64:
	case SYSCALL_PREADV:
	case SYSCALL_PREADV2:
		/* preadv2() with -1 is readv(). */
		position = call->arguments[3];
		break;
	case SYSCALL_SENDFILE:
		given = call->arguments[2];
		break;
	case SYSCALL_SPLICE:
	case SYSCALL_COPY_FILE_RANGE:
		given = call->arguments[1];
		break;
	}
	if (given && bpf_probe_read_user(&position, sizeof(position), (void *)given))
		return NO_POSITION;
	return position == NO_POSITION ? (__u64)BPF_CORE_READ(file, f_pos) : position;
}

/* The page that the read under way began at, if it is a read of this file, or
 * of one above it on overlayfs, which is read at the same position. The first
 * batch has no event if its last folio was still on its way: then its pages lie
 * before `index`.
 */
static __always_inline __u64 first_page(const struct syscall *call, struct file *file, __u64 index,
					__u32 shift)
{
	__u64 position = read_position(call, file), first = position >> shift;

	return position == NO_POSITION || first > index ? index : first;
}

static __always_inline int is_overlay(struct inode *inode)
{
	return BPF_CORE_READ(inode, i_sb, s_magic) == OVERLAYFS_SUPER_MAGIC;
}

#endif
