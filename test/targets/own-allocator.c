/*
 * A program that brings its own malloc: a bump allocator with a header, in the executable itself.
 * Some of its calls never return, because a hook inside malloc() leaves by longjmp(), and some
 * call malloc() again from inside.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stddef.h>

#include "serve.h"

#pragma GCC diagnostic ignored "-Wunused-result"

enum { LEAVES = 13131, NESTS = 24242 };

static char room[1 << 20] __attribute__((aligned(16)));
static size_t used;
static jmp_buf way_out;

STEP void *malloc(size_t size)
{
	if (size == LEAVES)
		longjmp(way_out, 1);
	if (size == NESTS) {
		void *inner = malloc(50);
		KEEP(inner);
	}
	if (used + size + 32 > sizeof room)
		return NULL;
	void *block = room + used;

	used += (size + 15) & ~(size_t)15;
	return block;
}

STEP void free(void *block)
{
	KEEP(block);
}

STEP void *calloc(size_t count, size_t size)
{
	void *block = malloc(count * size);

	KEEP(block);
	return block;
}

/* Nothing: the call never returned. */
STEP void by_left_malloc(void)
{
	if (!setjmp(way_out)) {
		void *block = malloc(LEAVES);
		KEEP(block);
	}
}

/* 1 block of 24242 bytes: the inner call is the allocator's own business. */
STEP void by_nested_malloc(void)
{
	void *block = malloc(NESTS);

	KEEP(block);
}

/* 1 block of 60 bytes, by calloc, which calls malloc. */
STEP void by_own_calloc(void)
{
	void *block = calloc(6, 10);

	KEEP(block);
}

/* 1 block of 70 bytes. */
STEP void by_own_malloc(void)
{
	void *block = malloc(70);

	KEEP(block);
}

TIMES(by_left_malloc)
TIMES(by_nested_malloc)
TIMES(by_own_calloc)
TIMES(by_own_malloc)

/*
 * A call that is left deep down, then one from higher up: the stack pointer alone tells them
 * apart.
 */
STEP void dive(int depth)
{
	volatile char ballast[512];

	ballast[0] = (char)depth;
	if (depth > 0)
		dive(depth - 1);
	else
		by_left_malloc();
	KEEP(ballast);
}

static void run_dive_and_own(long count)
{
	while (count-- > 0) {
		dive(20);
		by_own_malloc();
	}
}

/* The left call stands higher on the stack than the next one. */
static void run_leave_and_dive(long count)
{
	while (count-- > 0) {
		by_left_malloc();
		dive(20);
		by_own_malloc();
	}
}

static const struct step steps[] = {
	{ "by_left_malloc", run_by_left_malloc },
	{ "by_nested_malloc", run_by_nested_malloc },
	{ "by_own_calloc", run_by_own_calloc },
	{ "by_own_malloc", run_by_own_malloc },
	{ "dive_and_own", run_dive_and_own },
	{ "leave_and_dive", run_leave_and_dive },
	{ NULL, NULL },
};

int main(void)
{
	return serve(steps);
}
