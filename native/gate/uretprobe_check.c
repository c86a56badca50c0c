/* Finds out whether this kernel lets return probes fire in a process with a
 * seccomp filter. From 6.11 on x86-64 a return probe ends in the system call
 * uretprobe, which only the kernel's own trampoline may make: elsewhere it
 * raises SIGILL. Kernels without "seccomp: passthrough uretprobe systemcall
 * without filtering" (6.14, 6.13.3, 6.12.14) hand it to the filter first, and
 * a filter that kills what it does not know kills the target. So a child asks:
 * with a filter of its own that answers EXDEV, which of the two does it get?
 *
 * Exit status: 0 it is safe, 1 filters see it, 2 cannot tell.
 * An argument overrides the system call's number, for tests.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SAFE = 0, FILTERED = 1, UNKNOWN = 2, REACHED = 10, ABSENT = 11, ANSWERED = 12 };

static void reached(int signal)
{
	(void)signal;
	_exit(REACHED);
}

static int install_filter(unsigned int number)
{
	struct sock_filter rows[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EXDEV),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(rows) / sizeof(rows[0]), rows };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static int ask(unsigned int number, int filtered)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		signal(SIGILL, reached);
		if (filtered && install_filter(number))
			_exit(UNKNOWN);
		if (syscall(number) == -1 && errno == ENOSYS)
			_exit(ABSENT);
		_exit(errno == EXDEV ? ANSWERED : UNKNOWN);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return UNKNOWN;
	return WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
#ifdef __x86_64__
	unsigned int number = argc > 1 ? (unsigned int)atoi(argv[1]) : 335;
	int plain = ask(number, 0);

	/* A filter on ourselves answers in the kernel's place. */
	if (plain == ABSENT && prctl(PR_GET_SECCOMP) == 0 && argc == 1)
		return SAFE;
	if (plain != REACHED && argc == 1)
		return UNKNOWN;
	switch (ask(number, 1)) {
	case REACHED:
		return SAFE;
	case ANSWERED:
		return FILTERED;
	default:
		return UNKNOWN;
	}
#else
	(void)argc;
	(void)argv;
	return SAFE;
#endif
}
