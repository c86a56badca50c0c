/*
 * names: knows where its own calls are. Says "ready PID", then one line for each call on its stack, innermost first:
 * "call RETURN FUNCTION LINE", the addresses in hex: where the call returns to, where the function begins that made
 * it, and the source line it stands on. Then it waits for the end of its input.
 */
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

/* The frames that it asks about are there: it is built with frame pointers. */
#pragma GCC diagnostic ignored "-Wframe-address"

#if defined(__has_attribute) && __has_attribute(noipa)
#define APART __attribute__((noipa, used))
#else
#define APART __attribute__((noinline, used))
#endif
#define INTO static inline __attribute__((always_inline))
#define STAY() __asm__ volatile("" : : : "memory")
#define CALL(depth, call) (lines[depth] = __LINE__, call)

static int lines[6];
static void *returns[4];

APART void take(void)
{
	returns[0] = __builtin_return_address(0);
	returns[1] = __builtin_return_address(1);
	returns[2] = __builtin_return_address(2);
	returns[3] = __builtin_return_address(3);
}

INTO void inlined_deepest(void)
{
	CALL(0, take());
	STAY();
}

INTO void inlined_between(void)
{
	CALL(1, inlined_deepest());
	STAY();
}

APART void inner(void)
{
	CALL(2, inlined_between());
	STAY();
}

APART void middle(void)
{
	CALL(3, inner());
	STAY();
}

APART static void outer(void)
{
	CALL(4, middle());
	STAY();
}

static void say_call(int depth, uintptr_t function, int line)
{
	printf("call %lx %lx %d\n", (uintptr_t)returns[depth], function, lines[line]);
}

int main(void)
{
	char c;

	CALL(5, outer());
	printf("ready %d\n", (int)getpid());
	say_call(0, (uintptr_t)inner, 2);
	say_call(1, (uintptr_t)middle, 3);
	say_call(2, (uintptr_t)outer, 4);
	say_call(3, (uintptr_t)main, 5);
	printf("inlined %d %d\n", lines[0], lines[1]);
	fflush(stdout);
	return read(0, &c, 1) != 0;
}
