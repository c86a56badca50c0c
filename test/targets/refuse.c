/* refuse ERRNO SYSCALL… -- COMMAND: runs a command for which these system calls fail, as on an older kernel or under a
 * container's filter.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sock_filter filter[32] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						   offsetof(struct seccomp_data, nr)) };
	unsigned short length = 1;
	unsigned int error;
	int at = 2;

	if (argc < 5)
		return 2;
	error = (unsigned int)atoi(argv[1]);
	for (; at < argc && strcmp(argv[at], "--") != 0 && length < 28; at++) {
		unsigned int number = (unsigned int)atoi(argv[at]);

		filter[length++] =
			(struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1);
		filter[length++] =
			(struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error);
	}
	filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);

	struct sock_fprog program = { .len = length, .filter = filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
		perror("seccomp");
		return 1;
	}
	execvp(argv[at + 1], argv + at + 1);
	perror(argv[at + 1]);
	return 1;
}
