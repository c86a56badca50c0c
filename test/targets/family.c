/*
 * Every allocator function at three sizes, kept and given back: by_FUNCTION_SIZE and
 * by_FUNCTION_SIZE_freed. 100 bytes is a small block, 30 000 a big one, 1 MiB one that glibc maps
 * for itself.
 */
#define _GNU_SOURCE
#include <malloc.h>

#include "serve.h"

static inline __attribute__((always_inline)) void *take_posix_memalign(size_t size)
{
	void *block = NULL;

	return posix_memalign(&block, 64, size) ? NULL : block;
}

#define ONE(function, label, size, CALL)                \
	STEP void by_##function##_##label(void)         \
	{                                               \
		void *block = CALL(size);               \
		KEEP(block);                            \
	}                                               \
	STEP void by_##function##_##label##_freed(void) \
	{                                               \
		void *block = CALL(size);               \
		KEEP(block);                            \
		free(block);                            \
		STAY();                                 \
	}                                               \
	TIMES(by_##function##_##label)                  \
	TIMES(by_##function##_##label##_freed)

#define FAMILY(function, CALL)          \
	ONE(function, small, 100, CALL) \
	ONE(function, big, 30000, CALL) \
	ONE(function, huge, 1048576, CALL)

#define POSIX_MEMALIGN(size) take_posix_memalign(size)
#define MALLOC(size) malloc(size)
#define CALLOC(size) calloc((size) / 4, 4)
#define REALLOC(size) realloc(NULL, size)
#define REALLOCARRAY(size) reallocarray(NULL, (size) / 4, 4)
#define ALIGNED_ALLOC(size) aligned_alloc(64, size)
#define MEMALIGN(size) memalign(64, size)
#define VALLOC(size) valloc(size)
#define PVALLOC(size) pvalloc(size)

#pragma GCC diagnostic ignored "-Wunused-result"
FAMILY(malloc, MALLOC)
FAMILY(calloc, CALLOC)
FAMILY(realloc, REALLOC)
FAMILY(reallocarray, REALLOCARRAY)
FAMILY(posix_memalign, POSIX_MEMALIGN)
FAMILY(aligned_alloc, ALIGNED_ALLOC)
FAMILY(memalign, MEMALIGN)
FAMILY(valloc, VALLOC)
#ifdef __GLIBC__
FAMILY(pvalloc, PVALLOC)
#endif

#define ROWS(function)                                                                   \
	ROW(by_##function##_small), ROW(by_##function##_big), ROW(by_##function##_huge), \
		ROW(by_##function##_small_freed), ROW(by_##function##_big_freed),        \
		ROW(by_##function##_huge_freed)

static const struct step steps[] = {
	ROWS(malloc),	      ROWS(calloc),	   ROWS(realloc),  ROWS(reallocarray),
	ROWS(posix_memalign), ROWS(aligned_alloc), ROWS(memalign), ROWS(valloc),
#ifdef __GLIBC__
	ROWS(pvalloc),
#endif
	{ NULL, NULL },
};

int main(void)
{
	return serve(steps);
}
