/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
/* Outstanding allocations of the traced processes. One program per call
 * shape, not per allocator: malloc(), mi_malloc() and je_malloc() are attached
 * to the same. By a session link it sees entry and return; by others it sees
 * the entry, and `leave` the return.
 */
#include "lib/free.bpf.h"
#include "lib/uprobe.bpf.h"

static __always_inline int enter_or_leave(struct pt_regs *ctx, const struct arguments *args)
{
	/* The address of the probe at the entry, where it returned to later. */
	if (session_link && PT_REGS_IP(ctx) != bpf_get_func_ip(ctx))
		return call_leave(ctx);
	return call_enter(ctx, args);
}

/* All ones where it overflows: the allocator refuses it. Not by division, which
 * the compiler turns into a 128-bit product.
 */
static __always_inline __u64 product(__u64 count, __u64 size_bytes)
{
	__u64 low = count & 0xffffffff, high = count >> 32, upper;

	if (high && size_bytes >> 32)
		return ~0ULL;
	upper = high * size_bytes + (((size_bytes >> 32) * low));
	if (upper >> 32)
		return ~0ULL;
	low *= size_bytes & 0xffffffff;
	upper <<= 32;
	return low + upper < low ? ~0ULL : low + upper;
}

UPROBE_PROGRAM("uprobe", shape_size)
{
	struct arguments args = { .size_bytes = PT_REGS_PARM1(ctx) };

	return enter_or_leave(ctx, &args);
}

/* (size), by a function that may throw and does not call another that is probed:
 * its return is only followed where it cannot fail.
 */
const volatile __u64 throws_from_bytes = 0;

UPROBE_PROGRAM("uprobe", shape_size_throwing)
{
	struct arguments args = { .size_bytes = PT_REGS_PARM1(ctx) };

	if (session_link && PT_REGS_IP(ctx) != bpf_get_func_ip(ctx))
		return call_leave(ctx);
	if (args.size_bytes >= throws_from_bytes) {
		if (current_process() && is_recording())
			count_loss(LOSS_MAY_THROW, args.size_bytes);
		return 1;
	}
	return call_enter(ctx, &args);
}

UPROBE_PROGRAM("uprobe", shape_owner_size)
{
	return owner_enter(ctx, PT_REGS_PARM1(ctx));
}

UPROBE_PROGRAM("uprobe", shape_count_size)
{
	struct arguments args = {
		.size_bytes = product(PT_REGS_PARM1(ctx), PT_REGS_PARM2(ctx)),
	};

	return enter_or_leave(ctx, &args);
}

UPROBE_PROGRAM("uprobe", shape_realloc)
{
	struct arguments args = {
		.reallocates = 1,
		.old_address = PT_REGS_PARM1(ctx),
		.size_bytes = PT_REGS_PARM2(ctx),
	};

	return enter_or_leave(ctx, &args);
}

UPROBE_PROGRAM("uprobe", shape_realloc_array)
{
	struct arguments args = {
		.reallocates = 1,
		.old_address = PT_REGS_PARM1(ctx),
		.size_bytes = product(PT_REGS_PARM2(ctx), PT_REGS_PARM3(ctx)),
	};

	return enter_or_leave(ctx, &args);
}

UPROBE_PROGRAM("uprobe", shape_aligned)
{
	struct arguments args = { .size_bytes = PT_REGS_PARM2(ctx) };

	return enter_or_leave(ctx, &args);
}

UPROBE_PROGRAM("uprobe", shape_out_aligned)
{
	struct arguments args = {
		.result = RESULT_OUT,
		.out = PT_REGS_PARM1(ctx),
		.size_bytes = PT_REGS_PARM3(ctx),
	};

	return enter_or_leave(ctx, &args);
}

UPROBE_PROGRAM("uprobe", shape_map)
{
	struct arguments args = {
		.result = RESULT_MAPPING,
		.size_bytes = PT_REGS_PARM2(ctx),
		.protection = PT_REGS_PARM3(ctx),
		.flags = PT_REGS_PARM4(ctx),
	};

	return enter_or_leave(ctx, &args);
}

UPROBE_PROGRAM("uprobe", shape_remap)
{
	struct arguments args = {
		.result = RESULT_MAPPING,
		.old_address = PT_REGS_PARM1(ctx),
		.old_size_bytes = PT_REGS_PARM2(ctx),
		.size_bytes = PT_REGS_PARM3(ctx),
		.flags = PT_REGS_PARM4(ctx),
	};

	return enter_or_leave(ctx, &args);
}

UPROBE_PROGRAM("uprobe", shape_free)
{
	return call_free(ctx, PT_REGS_PARM1(ctx));
}

UPROBE_PROGRAM("uprobe", shape_unmap)
{
	return call_unmap(ctx, PT_REGS_PARM1(ctx), PT_REGS_PARM2(ctx));
}

/* _dl_debug_state(), which debuggers hang on to as well. */
UPROBE_PROGRAM("uprobe", libraries_changed)
{
	struct process *process = current_process();
	struct event event = { .kind = EVENT_LIBRARIES };

	if (!process)
		return 1;
	event.image = process->image;
	send_event(&event);
	return 1;
}

UPROBE_PROGRAM("uretprobe", leave)
{
	return call_leave(ctx);
}

/* Where task_struct keeps its pid, from the kernel's BTF. */
const volatile __u32 task_pid_offset = 0;
/* --no-follow clears it. */
const volatile __u8 follow_children = 1;

#define CLONE_THREAD 0x00010000

/* Before the child runs. User space then attaches to it; until that is done
 * the child is blind, and its image says for how long.
 */
SEC("raw_tracepoint/task_newtask")
int process_forked(struct bpf_raw_tracepoint_args *ctx)
{
	struct process *parent, child = {};
	struct event event = { .kind = EVENT_FORK };
	__u32 pid = 0;

	if (ctx->args[1] & CLONE_THREAD)
		return 0;
	parent = current_process();
	if (!parent || !follow_children)
		return 0;
	if (bpf_probe_read_kernel(&pid, sizeof(pid), (void *)ctx->args[0] + task_pid_offset)) {
		count_loss(LOSS_IMAGES_FULL, 0);
		return 0;
	}
	child.image = new_image();
	child.parent = parent->image;
	if (bpf_map_update_elem(&processes, &pid, &child, BPF_ANY)) {
		count_loss(LOSS_IMAGES_FULL, 0);
		return 0;
	}
	event.image = parent->image;
	event.other_pid = pid;
	event.other_image = child.image;
	send_event(&event);
	return 0;
}

SEC("raw_tracepoint/sched_process_exec")
int process_executed(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 tid = (__u32)bpf_get_current_pid_tgid();
	struct process *process = current_process();
	struct event event = { .kind = EVENT_EXEC };

	if (!process)
		return 0;
	bpf_map_delete_elem(&threads, &tid);
	event.image = process->image;
	/* Another thread than the leader takes the leader's id over. */
	event.other_pid = ctx->args[1];
	event.other_image = new_image();
	process->parent = 0;
	process->called = 0;
	process->image = event.other_image;
	send_event(&event);
	return 0;
}

SEC("raw_tracepoint/sched_process_exit")
int thread_exited(void *ctx)
{
	__u64 pid_tgid = bpf_get_current_pid_tgid();
	__u32 tid = (__u32)pid_tgid;
	struct process *process = current_process();
	struct event event = { .kind = EVENT_EXIT };

	if (!process)
		return 0;
	bpf_map_delete_elem(&threads, &tid);
	/* The leader may go before the others: user space looks. */
	if (tid == pid_tgid >> 32) {
		event.image = process->image;
		send_event(&event);
	}
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
