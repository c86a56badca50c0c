/*
 * A program that has sealed itself with seccomp: any system call but those of allocating and talking
 * kills it. A kernel whose return probes make a system call of their own must not trip over that.
 */
#define _GNU_SOURCE
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "serve.h"

#define ALLOW(name)                                             \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##name, 0, 1), \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static struct sock_filter filter[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	ALLOW(read),
	ALLOW(write),
	ALLOW(brk),
	ALLOW(mmap),
	ALLOW(munmap),
	ALLOW(mremap),
	ALLOW(getpid),
	ALLOW(exit_group),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
};

/* 1 block of 100 bytes. */
STEP void by_sealed(void)
{
	void *block = malloc(100);

	KEEP(block);
}

STEP void by_sealed_freed(void)
{
	void *block = malloc(200000);

	KEEP(block);
	free(block);
	STAY();
}

TIMES(by_sealed)
TIMES(by_sealed_freed)

static const struct step steps[] = {
	ROW(by_sealed),
	ROW(by_sealed_freed),
	{ NULL, NULL },
};

int main(void)
{
	struct sock_fprog program = { sizeof filter / sizeof *filter, filter };

	/* The first block asks for randomness, by a system call that is not on the list. */
	free(malloc(1));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		return 3;
	return serve(steps);
}
