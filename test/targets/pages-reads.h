/* Patterns of read-like calls. */
#ifndef PAGES_READS_H
#define PAGES_READS_H

#include <sys/uio.h>

#include "pages-truth.h"

struct pattern;

typedef void pattern_step(struct subject *subject, const struct pattern *pattern,
			  struct truth *truth);

struct pattern {
	const char *name;
	void (*setup)(struct subject *subject);
	pattern_step *step;
	/* Bytes of one call. */
	uint64_t block;
	/* Of the file; 0: the usual. */
	uint64_t size;
	/* The POSIX_FADV_ or MADV_ given before. */
	int advice;
};

static char *buffer_of(uint64_t bytes)
{
	char *buffer = mmap(NULL, bytes + page_size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (buffer == MAP_FAILED)
		die("mmap");
	return buffer;
}

static void read_at(struct subject *subject, struct truth *truth, char *buffer, uint64_t offset,
		    uint64_t length)
{
	uint64_t bytes = expect_read(subject, truth, offset, length);

	check("pread", pread(subject->fd, buffer, length, offset), bytes);
}

/* From the beginning to the end, by read(). */
static void read_through(struct subject *subject, const struct pattern *pattern,
			 struct truth *truth)
{
	char *buffer = buffer_of(pattern->block);

	posix_fadvise(subject->fd, 0, 0, pattern->advice);
	for (uint64_t at = 0; at < subject->size; at += pattern->block) {
		uint64_t bytes = expect_read(subject, truth, at, pattern->block);

		check("read", read(subject->fd, buffer, pattern->block), bytes);
	}
	check("read", read(subject->fd, buffer, pattern->block), 0);
	truth->calls++;
}

/* All in one call, into memory that was never touched. */
static void read_whole(struct subject *subject, const struct pattern *pattern, struct truth *truth)
{
	char *buffer = malloc(subject->size);
	uint64_t bytes = expect_read(subject, truth, 0, subject->size);

	(void)pattern;
	check("read", read(subject->fd, buffer, subject->size), bytes);
}

/* Begins at byte 100: calls share pages. */
static void read_unaligned(struct subject *subject, const struct pattern *pattern,
			   struct truth *truth)
{
	char *buffer = buffer_of(pattern->block);

	for (uint64_t at = 100; at < subject->size; at += pattern->block)
		read_at(subject, truth, buffer, at, pattern->block);
}

static void read_backwards(struct subject *subject, const struct pattern *pattern,
			   struct truth *truth)
{
	char *buffer = buffer_of(pattern->block);

	for (uint64_t at = subject->size; at >= pattern->block; at -= pattern->block)
		read_at(subject, truth, buffer, at - pattern->block, pattern->block);
}

static void read_strided(struct subject *subject, const struct pattern *pattern,
			 struct truth *truth)
{
	char *buffer = buffer_of(pattern->block);

	for (uint64_t at = 0; at < subject->size; at += 8 * pattern->block)
		read_at(subject, truth, buffer, at, pattern->block);
}

/* Each block twice: the second time it is there. */
static void read_twice(struct subject *subject, const struct pattern *pattern, struct truth *truth)
{
	char *buffer = buffer_of(pattern->block);

	for (uint64_t at = 0; at < subject->size; at += pattern->block) {
		read_at(subject, truth, buffer, at, pattern->block);
		read_at(subject, truth, buffer, at, pattern->block);
	}
}

/* Half as many calls as there are blocks; some hit the same block again. */
static void read_random(struct subject *subject, const struct pattern *pattern, struct truth *truth)
{
	char *buffer = buffer_of(pattern->block);
	uint64_t blocks = subject->size / pattern->block;

	posix_fadvise(subject->fd, 0, 0, pattern->advice);
	for (uint64_t i = 0; i < blocks / 2; i++)
		read_at(subject, truth, buffer, next_random(subject, blocks) * pattern->block,
			pattern->block);
}

/* Every block once, in an order without order. */
static void read_shuffled(struct subject *subject, const struct pattern *pattern,
			  struct truth *truth)
{
	char *buffer = buffer_of(pattern->block);
	uint64_t blocks = subject->size / pattern->block, *order = calloc(blocks, sizeof *order);

	posix_fadvise(subject->fd, 0, 0, pattern->advice);
	for (uint64_t i = 0; i < blocks; i++) {
		uint64_t j = next_random(subject, i + 1);

		order[i] = order[j];
		order[j] = i;
	}
	for (uint64_t i = 0; i < blocks; i++)
		read_at(subject, truth, buffer, order[i] * pattern->block, pattern->block);
}

/* Up to the end, across it, at it and behind it. */
static void read_at_end(struct subject *subject, const struct pattern *pattern, struct truth *truth)
{
	char *buffer = buffer_of(pattern->block);
	uint64_t size = subject->size, last = size - 1;

	read_at(subject, truth, buffer, last, pattern->block);
	read_at(subject, truth, buffer, last, 1);
	read_at(subject, truth, buffer, size, pattern->block);
	read_at(subject, truth, buffer, size + pattern->block, pattern->block);
	read_at(subject, truth, buffer, 0, pattern->block);
	read_at(subject, truth, buffer, size / 2, pattern->block);
	read_at(subject, truth, buffer, size > 5000 ? size - 5000 : 0, pattern->block);
}

/* readv() and preadv() in turns, with parts of uneven sizes. */
static void read_parts(struct subject *subject, const struct pattern *pattern, struct truth *truth)
{
	char *buffer = buffer_of(3 * pattern->block);
	struct iovec parts[] = {
		{ buffer, 1 },
		{ buffer + pattern->block, pattern->block - 1000 },
		{ buffer + 2 * pattern->block, 999 },
	};

	for (uint64_t at = 0, turn = 0; at < subject->size; at += pattern->block, turn++) {
		uint64_t bytes = expect_read(subject, truth, at, pattern->block);

		if (turn % 2) {
			check("preadv", preadv(subject->fd, parts, 3, at), bytes);
			continue;
		}
		if (lseek(subject->fd, at, SEEK_SET) < 0)
			die("lseek");
		check("readv", readv(subject->fd, parts, 3), bytes);
	}
}

/* The pages are brought in by another call than the one that reads them. */
static void read_advised(struct subject *subject, const struct pattern *pattern,
			 struct truth *truth)
{
	char *buffer = buffer_of(pattern->block);

	for (uint64_t at = 0; at < subject->size; at += pattern->block) {
		posix_fadvise(subject->fd, at, pattern->block, POSIX_FADV_WILLNEED);
		read_at(subject, truth, buffer, at, pattern->block);
	}
}

/* Read, dropped, and read again. */
static void read_dropped(struct subject *subject, const struct pattern *pattern,
			 struct truth *truth)
{
	char *buffer = buffer_of(pattern->block);

	for (int round = 0; round < 2; round++) {
		for (uint64_t at = 0; at < subject->size; at += pattern->block)
			read_at(subject, truth, buffer, at, pattern->block);
		if (round)
			break;
		count_inserted(subject, truth);
		posix_fadvise(subject->fd, 0, 0, POSIX_FADV_DONTNEED);
		free(subject->states);
		free(subject->were_resident);
		look_at_the_beginning(subject);
	}
}

#endif
