/*
 * Threads that allocate, reallocate and free each other's blocks at random, and in the end know
 * exactly what is left: "bytes N" and "blocks N". Each block keeps its size in its first bytes.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "serve.h"

enum { SLOTS = 512, THREADS = 4 };

struct block {
	size_t size;
};

static _Atomic(struct block *) slots[SLOTS];

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Mostly small; one in 512 so big that it is mapped. */
static size_t random_size(uint64_t *state)
{
	uint64_t number = next_random(state);

	return number % 512 == 0 ? 200000 + number % 5000 : 16 + number % 2000;
}

STEP struct block *by_mix_malloc(size_t size)
{
	struct block *block = malloc(size);

	KEEP(block);
	return block;
}

STEP struct block *by_mix_realloc(struct block *old, size_t size)
{
	struct block *block = realloc(old, size);

	KEEP(block);
	return block;
}

static void turn(uint64_t *state)
{
	_Atomic(struct block *) *slot = &slots[next_random(state) % SLOTS];
	struct block *block = atomic_exchange(slot, NULL);
	size_t size = random_size(state);

	if (block && next_random(state) % 2) {
		free(block);
		return;
	}
	block = block ? by_mix_realloc(block, size) : by_mix_malloc(size);
	block->size = size;
	/* Another thread may have put one there meanwhile. */
	free(atomic_exchange(slot, block));
}

struct share {
	uint64_t state;
	long turns;
};

static void *body(void *argument)
{
	struct share *share = argument;

	while (share->turns-- > 0)
		turn(&share->state);
	return NULL;
}

static void run_mix(long count)
{
	static struct share shares[THREADS];
	pthread_t threads[THREADS];
	size_t bytes = 0, blocks = 0;

	for (int i = 0; i < THREADS; i++) {
		shares[i] = (struct share){ .state = 88172645463325252ULL + (uint64_t)i,
					    .turns = count };
		pthread_create(&threads[i], NULL, body, &shares[i]);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < SLOTS; i++) {
		bytes += slots[i] ? slots[i]->size : 0;
		blocks += slots[i] != NULL;
	}
	say_number("bytes", bytes);
	say_number("blocks", blocks);
}

static const struct step steps[] = {
	{ "mix", run_mix },
	{ NULL, NULL },
};

int main(void)
{
	return serve(steps);
}
