/* Reads cached pages one by one: "preads COUNT" a line on stdin, nanoseconds of CPU time per pread() as the answer. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 4096 };

static double cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
	static char page[PAGE];
	char line[64];
	int fd = argc > 1 ? open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0600) : -1;

	if (fd < 0)
		return 64;
	for (int i = 0; i < PAGES; i++)
		if (write(fd, page, PAGE) != PAGE)
			return 1;
	while (fgets(line, sizeof line, stdin)) {
		long count = strtol(strchr(line, ' ') ? strchr(line, ' ') : "0", NULL, 10);
		double began = cpu_ns();

		for (long i = 0; i < count; i++)
			if (pread(fd, page, PAGE, (i * 1013 % PAGES) * PAGE) != PAGE)
				return 1;
		printf("%f\n", (cpu_ns() - began) / (double)count);
		fflush(stdout);
	}
	return 0;
}
