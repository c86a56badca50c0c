/*
 * The edges of the allocator's contract: each function's name says what it does, its comment what
 * must be left of it.
 */
#define _GNU_SOURCE
#include <malloc.h>
#include <setjmp.h>
#include <stdint.h>
#include <sys/mman.h>

#include "serve.h"

#pragma GCC diagnostic ignored "-Wunused-result"
#pragma GCC diagnostic ignored "-Wuse-after-free"
#pragma GCC diagnostic ignored "-Walloc-size-larger-than="

enum { PAGE = 4096, MIB = 1 << 20 };
static volatile size_t too_much = PTRDIFF_MAX;

/* 1 block of 4242 bytes by by_kept: the realloc that fails gives it back. */
STEP void *by_kept(void)
{
	void *block = malloc(4242);

	KEEP(block);
	return block;
}

STEP void by_failed_realloc(void)
{
	void *moved = realloc(by_kept(), too_much);

	KEEP(moved);
}

STEP void by_failed_reallocarray(void)
{
	void *moved = reallocarray(by_kept(), too_much, 16);

	KEEP(moved);
}

/* Nothing: there was no memory to give. */
STEP void by_failed_malloc(void)
{
	void *block = malloc(too_much);

	KEEP(block);
}

STEP void by_failed_posix_memalign(void)
{
	void *block = NULL;
	int refused = posix_memalign(&block, 3, 100);

	KEEP((long)refused);
}

STEP void *by_old(void)
{
	void *block = malloc(1000);

	KEEP(block);
	return block;
}

/* Nothing: glibc frees the block, and gives none. */
STEP void by_realloc_to_zero(void)
{
	void *block = realloc(by_old(), 0);

	KEEP(block);
}

/* 1 block of 600 000 bytes; by_old keeps nothing. */
STEP void by_moved_realloc(void)
{
	void *block = realloc(by_old(), 600000);

	KEEP(block);
}

/* 1 block of 900 bytes, at the address of the old one. */
STEP void by_shrunk_realloc(void)
{
	void *block = realloc(by_old(), 900);

	KEEP(block);
}

/* Nothing, and no unknown free either. */
STEP void by_free_of_null(void)
{
	void *volatile none = NULL;

	free(none);
	STAY();
}

/* Each of these is one mapping of 1 MiB less what is said. */
STEP char *by_mmap(void)
{
	char *start = mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	KEEP(start);
	return start;
}

STEP void by_munmap_all(void)
{
	munmap(by_mmap(), MIB);
	STAY();
}

/* less its first page */
STEP void by_munmap_head(void)
{
	munmap(by_mmap(), PAGE);
	STAY();
}

/* less its last page */
STEP void by_munmap_tail(void)
{
	munmap(by_mmap() + MIB - PAGE, PAGE);
	STAY();
}

/* less two pages in the middle */
STEP void by_munmap_middle(void)
{
	munmap(by_mmap() + MIB / 2, 2 * PAGE);
	STAY();
}

/* Nothing: MAP_FAILED is not a mapping. */
STEP void by_failed_mmap(void)
{
	void *start = mmap(NULL, MIB, PROT_READ, MAP_PRIVATE, -1, 0);

	KEEP(start);
}

STEP void by_mremap(void)
{
	void *start = mremap(by_mmap(), MIB, 2 * MIB, MREMAP_MAYMOVE);

	KEEP(start);
}

static jmp_buf way_out;

static int leave(const void *left, const void *right)
{
	KEEP(left);
	KEEP(right);
	longjmp(way_out, 1);
}

/*
 * qsort() takes room for 1000 elements of 8 bytes where it is glibc's, and is left by longjmp(): 1
 * block of 8000 bytes.
 */
STEP void by_qsort(void)
{
	static uint64_t numbers[1000];

	if (!setjmp(way_out))
		qsort(numbers, 1000, sizeof *numbers, leave);
}

/* 1 block of 6 bytes, taken by the C library for its caller. */
STEP void by_strdup(void)
{
	char *copy = strdup("hello");

	KEEP(copy);
}

TIMES(by_kept)
TIMES(by_failed_realloc)
TIMES(by_failed_reallocarray)
TIMES(by_failed_malloc)
TIMES(by_failed_posix_memalign)
TIMES(by_realloc_to_zero)
TIMES(by_moved_realloc)
TIMES(by_shrunk_realloc)
TIMES(by_free_of_null)
TIMES(by_mmap)
TIMES(by_munmap_all)
TIMES(by_munmap_head)
TIMES(by_munmap_tail)
TIMES(by_munmap_middle)
TIMES(by_failed_mmap)
TIMES(by_mremap)
TIMES(by_qsort)
TIMES(by_strdup)

static const struct step steps[] = {
	ROW(by_kept),
	ROW(by_failed_realloc),
	ROW(by_failed_reallocarray),
	ROW(by_failed_malloc),
	ROW(by_failed_posix_memalign),
	ROW(by_realloc_to_zero),
	ROW(by_moved_realloc),
	ROW(by_shrunk_realloc),
	ROW(by_free_of_null),
	ROW(by_mmap),
	ROW(by_munmap_all),
	ROW(by_munmap_head),
	ROW(by_munmap_tail),
	ROW(by_munmap_middle),
	ROW(by_failed_mmap),
	ROW(by_mremap),
	ROW(by_qsort),
	ROW(by_strdup),
	{ NULL, NULL },
};

int main(void)
{
	return serve(steps);
}
