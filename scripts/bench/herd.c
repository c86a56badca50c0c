/* Answers `fork N` with the number of children, each of which waits with some pages of its own, until standard input ends. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static void wait_for_the_end(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	char *own = malloc(256 << 10);
	if (own)
		memset(own, 1, 256 << 10);
	for (;;)
		pause();
}

int main(void)
{
	long wanted, children = 0;

	while (scanf(" fork %ld", &wanted) == 1) {
		for (long i = 0; i < wanted; i++) {
			pid_t child = fork();
			if (child == 0)
				wait_for_the_end();
			children += child > 0;
		}
		printf("%ld\n", children);
		fflush(stdout);
	}
	return 0;
}
