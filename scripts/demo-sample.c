/* A program that leaks: a thread takes 8192 bytes each second for Fibonacci numbers, and nobody frees them. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { NUMBERS = 1024 };

__attribute__((noinline)) long *fibonacci(void)
{
	long *numbers = calloc(NUMBERS, sizeof(*numbers));
	unsigned long before = 0, latest = 1;

	if (!numbers)
		abort();
	for (int i = 0; i < NUMBERS; i++) {
		unsigned long next = before + latest;

		numbers[i] = (long)latest;
		before = latest;
		latest = next;
	}
	return numbers;
}

__attribute__((noinline)) void *child(void *unused)
{
	for (unsigned long round = 1;; round++) {
		const long *numbers = fibonacci();

		printf("round %lu: %ld\n", round, numbers[round % 64]);
		fflush(stdout);
		sleep(1);
	}
	return unused;
}

int main(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, child, NULL))
		return 1;
	pthread_join(thread, NULL);
	return 0;
}
