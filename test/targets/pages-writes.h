/* Patterns of writes, alone and among reads. */
#ifndef PAGES_WRITES_H
#define PAGES_WRITES_H

#include "pages-reads.h"

static void write_at(struct subject *subject, struct truth *truth, const char *buffer,
		     uint64_t offset, uint64_t length)
{
	struct dirt dirt = dirt_before(subject, offset, length);

	expect_write(subject, truth, offset, length);
	check("pwrite", pwrite(subject->fd, buffer, length, offset), length);
	truth->dirtied += dirtied_since(subject, &dirt);
	if (offset + length > subject->size)
		subject->size = offset + length;
}

static void write_through(struct subject *subject, const struct pattern *pattern,
			  struct truth *truth)
{
	char *buffer = buffer_of(pattern->block);

	for (uint64_t at = 0; at + pattern->block <= subject->size; at += pattern->block)
		write_at(subject, truth, buffer, at, pattern->block);
}

/* Begins at byte 100: calls share pages, and pages are written in part. */
static void write_unaligned(struct subject *subject, const struct pattern *pattern,
			    struct truth *truth)
{
	char *buffer = buffer_of(pattern->block);

	for (uint64_t at = 100; at + pattern->block <= subject->size; at += pattern->block)
		write_at(subject, truth, buffer, at, pattern->block);
}

/* A few bytes in the middle of each page. */
static void write_spots(struct subject *subject, const struct pattern *pattern, struct truth *truth)
{
	char *buffer = buffer_of(pattern->block);

	for (uint64_t at = 1000; at + pattern->block <= subject->size; at += page_size)
		write_at(subject, truth, buffer, at, pattern->block);
}

#define APPENDED (4 << 20)

static void write_appended(struct subject *subject, const struct pattern *pattern,
			   struct truth *truth)
{
	char *buffer = buffer_of(pattern->block);
	uint64_t end = subject->size + APPENDED;

	while (subject->size < end)
		write_at(subject, truth, buffer, subject->size, pattern->block);
}

/* A read of one block and a write of another in turns, both at random. */
static void read_and_write(struct subject *subject, const struct pattern *pattern,
			   struct truth *truth)
{
	char *buffer = buffer_of(pattern->block);
	uint64_t blocks = subject->size / pattern->block;

	posix_fadvise(subject->fd, 0, 0, pattern->advice);
	for (uint64_t i = 0; i < blocks / 4; i++) {
		read_at(subject, truth, buffer, next_random(subject, blocks) * pattern->block,
			pattern->block);
		write_at(subject, truth, buffer, next_random(subject, blocks) * pattern->block,
			 pattern->block);
	}
}

/* What was written is read: there all the time. */
static void write_then_read(struct subject *subject, const struct pattern *pattern,
			    struct truth *truth)
{
	write_appended(subject, pattern, truth);
	read_through(subject, pattern, truth);
}

#endif
