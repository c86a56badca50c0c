/* What the benchmarks trace. Orders come as lines on stdin, and each is answered by one line:
 *   pairs N     N malloc(64)+free() pairs, 8 calls deep: thread CPU time of one pair, in nanoseconds
 *   keep N      takes N blocks, from 64 call stacks, and keeps them: their bytes
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define NOINLINE __attribute__((noinline))

static double cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

NOINLINE double pairs(long count)
{
	double began = cpu_ns();

	for (long i = 0; i < count; i++) {
		void *volatile block = malloc(64);

		free(block);
	}
	return (cpu_ns() - began) / (double)count;
}

NOINLINE double deep(int calls, long count)
{
	volatile double result = calls > 1 ? deep(calls - 1, count) : pairs(count);

	return result;
}

/* Six calls, each to one of two functions: 64 call stacks. */
static void *kept(unsigned int path, int calls, size_t size);

NOINLINE void *left(unsigned int path, int calls, size_t size)
{
	void *volatile block = kept(path >> 1, calls - 1, size);

	return block;
}

NOINLINE void *right(unsigned int path, int calls, size_t size)
{
	void *volatile block = kept(path >> 1, calls - 1, size);

	return block;
}

static void *kept(unsigned int path, int calls, size_t size)
{
	if (calls == 0)
		return malloc(size);
	return path & 1 ? right(path, calls, size) : left(path, calls, size);
}

int main(void)
{
	char line[64];

	while (fgets(line, sizeof(line), stdin)) {
		long count, total = 0;

		if (sscanf(line, "pairs %ld", &count) == 1 && count > 0) {
			printf("%.1f\n", deep(6, count));
		} else if (sscanf(line, "keep %ld", &count) == 1) {
			for (long i = 0; i < count; i++) {
				size_t size = 16 + (size_t)(i % 112);

				if (!kept((unsigned int)i % 64, 6, size))
					abort();
				total += (long)size;
			}
			printf("%ld\n", total);
		} else {
			return 1;
		}
		fflush(stdout);
	}
	return 0;
}
