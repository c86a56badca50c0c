/*
 * Numbers: many blocks, many stacks, many threads, churn. Every block is 64 bytes unless its
 * function says otherwise.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "serve.h"

#pragma GCC diagnostic ignored "-Wunused-result"

STEP void by_many(void)
{
	void *block = malloc(16);

	KEEP(block);
}

STEP void by_pair(void)
{
	void *block = malloc(48);

	KEEP(block);
	free(block);
	STAY();
}

STEP void by_beside(void)
{
	void *block = malloc(1024);

	KEEP(block);
}

/* `count` pairs with a block of 1024 bytes kept after each hundredth. */
static void run_churn(long count)
{
	for (long i = 0; i < count; i++) {
		by_pair();
		if (i % 100 == 0)
			by_beside();
	}
}

STEP void by_bits(void)
{
	void *block = malloc(64);

	KEEP(block);
}

STEP void left(unsigned path, int depth);
STEP void right(unsigned path, int depth);

static inline __attribute__((always_inline)) void descend(unsigned path, int depth)
{
	if (depth == 0)
		by_bits();
	else if (path & 1)
		right(path >> 1, depth - 1);
	else
		left(path >> 1, depth - 1);
	KEEP(&path);
}

STEP void left(unsigned path, int depth)
{
	descend(path, depth);
}

STEP void right(unsigned path, int depth)
{
	descend(path, depth);
}

/* One block from each of 4096 stacks: the bits of a number choose the way down twelve calls. */
static void run_stacks(long count)
{
	for (long round = 0; round < count; round++)
		for (unsigned path = 0; path < 4096; path++)
			descend(path, 12);
}

STEP void by_thread(void)
{
	void *block = malloc(64);

	KEEP(block);
}

static void *thread_body(void *blocks)
{
	for (long i = 0; i < (long)blocks; i++)
		by_thread();
	return NULL;
}

/* Eight threads at once, `count` blocks each. */
static void run_threads(long count)
{
	pthread_t threads[8];

	for (int i = 0; i < 8; i++)
		pthread_create(&threads[i], NULL, thread_body, (void *)count);
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
}

/* `count` threads, one after the other, one block each. */
static void run_short_threads(long count)
{
	while (count-- > 0) {
		pthread_t thread;

		pthread_create(&thread, NULL, thread_body, (void *)1L);
		pthread_join(thread, NULL);
	}
}

static _Atomic(void *) hand;

STEP void *by_handed(void)
{
	void *block = malloc(64);

	KEEP(block);
	return block;
}

static void *taker_body(void *blocks)
{
	for (long i = 0; i < (long)blocks; i++) {
		void *block;

		while (!(block = atomic_exchange(&hand, NULL)))
			sched_yield();
		free(block);
	}
	return NULL;
}

/* `count` blocks, each allocated here and freed by another thread. */
static void run_handoff(long count)
{
	pthread_t taker;

	pthread_create(&taker, NULL, taker_body, (void *)count);
	for (long i = 0; i < count; i++) {
		void *block = by_handed();

		while (atomic_load(&hand))
			sched_yield();
		atomic_store(&hand, block);
	}
	pthread_join(taker, NULL);
}

static void *kept[1000];

/* Keeps up to 1000 blocks, which free_kept frees. */
static void run_keep_for_later(long count)
{
	while (count-- > 0) {
		kept[count] = malloc(64);
		KEEP(kept[count]);
	}
}

static void run_free_kept(long count)
{
	while (count-- > 0) {
		free(kept[count]);
		STAY();
	}
}

static atomic_bool busy;
static _Atomic unsigned long pairs;
static pthread_t workers[4];

static void *worker_body(void *none)
{
	while (atomic_load(&busy)) {
		by_pair();
		/* Leaves some of the machine to the test. */
		if (atomic_fetch_add(&pairs, 1) % 256 == 0)
			usleep(1000);
	}
	return none;
}

/* Four threads that allocate and free until "idle". */
static void run_busy(long count)
{
	(void)count;
	atomic_store(&busy, 1);
	for (int i = 0; i < 4; i++)
		pthread_create(&workers[i], NULL, worker_body, NULL);
}

static void run_idle(long count)
{
	(void)count;
	atomic_store(&busy, 0);
	for (int i = 0; i < 4; i++)
		pthread_join(workers[i], NULL);
	say_number("pairs", atomic_load(&pairs));
}

/* Says how many pairs the workers have done so far. */
static void run_pairs(long count)
{
	(void)count;
	say_number("pairs", atomic_load(&pairs));
}

TIMES(by_many)
TIMES(by_pair)
TIMES(by_beside)

static const struct step steps[] = {
	{ "keep_for_later", run_keep_for_later },
	{ "free_kept", run_free_kept },
	{ "by_many", run_by_many },
	{ "by_pair", run_by_pair },
	{ "by_beside", run_by_beside },
	{ "churn", run_churn },
	{ "stacks", run_stacks },
	{ "threads", run_threads },
	{ "short_threads", run_short_threads },
	{ "handoff", run_handoff },
	{ "busy", run_busy },
	{ "idle", run_idle },
	{ "pairs", run_pairs },
	{ NULL, NULL },
};

int main(void)
{
	return serve(steps);
}
