/*
 * app KIND SIZE [EVERY_MS]: leaks a block of SIZE bytes every 100 ms (or only once, with 0), and
 * says nothing.
 */
#define _GNU_SOURCE
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define LEAK(name, call)                                                         \
	__attribute__((noinline, noclone)) static void *leak_##name(size_t size) \
	{                                                                        \
		void *block = call;                                              \
		__asm__ volatile("" : : "r"(block) : "memory");                  \
		return block;                                                    \
	}

static inline __attribute__((always_inline)) void *posix_memaligned(size_t size)
{
	void *block = NULL;

	return posix_memalign(&block, 64, size) ? NULL : block;
}

LEAK(malloc, malloc(size))
LEAK(calloc, calloc(size, 1))
LEAK(realloc, realloc(malloc(10), size))
LEAK(posix_memalign, posix_memaligned(size))
LEAK(aligned_alloc, aligned_alloc(64, size))
LEAK(memalign, memalign(64, size))
LEAK(valloc, valloc(size))
LEAK(pvalloc, pvalloc(size))
LEAK(mmap, mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))

/* clang-format off */
#define ROW(name) {#name, leak_##name}
/* clang-format on */
static const struct {
	const char *name;
	void *(*leak)(size_t size);
} kinds[] = { ROW(malloc),	   ROW(calloc),	       ROW(realloc),
	      ROW(posix_memalign), ROW(aligned_alloc), ROW(memalign),
	      ROW(valloc),	   ROW(pvalloc),       ROW(mmap) };

int main(int count, char **values)
{
	for (size_t i = 0; count >= 3 && i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(kinds[i].name, values[1]) != 0)
			continue;
		long every_ms = count > 3 ? strtol(values[3], NULL, 10) : 100;

		for (;;) {
			kinds[i].leak((size_t)strtoul(values[2], NULL, 10));
			if (every_ms == 0)
				pause();
			usleep((useconds_t)every_ms * 1000);
		}
	}
	fputs("usage: app KIND SIZE [EVERY_MS]\n", stderr);
	return 2;
}
