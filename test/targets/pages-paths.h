/* Other ways to the pages of a file than read() and write(): and one past them. */
#ifndef PAGES_PATHS_H
#define PAGES_PATHS_H

#include <pthread.h>
#include <sys/sendfile.h>

#include "pages-writes.h"

static int opened_direct(const struct subject *subject)
{
	int fd = open(subject->path, O_RDWR | O_DIRECT);

	if (fd < 0)
		refuse("no O_DIRECT on this file system");
	return fd;
}

static void read_direct(struct subject *subject, const struct pattern *pattern, struct truth *truth)
{
	int fd = opened_direct(subject);
	char *buffer = buffer_of(pattern->block);

	for (uint64_t at = 0; at < subject->size; at += pattern->block) {
		expect_direct(truth, at, pattern->block);
		check("pread", pread(fd, buffer, pattern->block, at), pattern->block);
	}
	close(fd);
}

static void write_direct(struct subject *subject, const struct pattern *pattern,
			 struct truth *truth)
{
	int fd = opened_direct(subject);
	char *buffer = buffer_of(pattern->block);

	for (uint64_t at = 0; at < subject->size; at += pattern->block) {
		expect_direct(truth, at, pattern->block);
		check("pwrite", pwrite(fd, buffer, pattern->block, at), pattern->block);
	}
	close(fd);
}

static void read_by_sendfile(struct subject *subject, const struct pattern *pattern,
			     struct truth *truth)
{
	int sink = open("/dev/null", O_WRONLY);

	for (uint64_t at = 0; at < subject->size; at += pattern->block) {
		uint64_t bytes = expect_read(subject, truth, at, pattern->block);
		off_t offset = at;

		check("sendfile", sendfile(sink, subject->fd, &offset, pattern->block), bytes);
	}
	close(sink);
}

/* As much as the pipe holds, and out of it again. */
static void read_by_splice(struct subject *subject, const struct pattern *pattern,
			   struct truth *truth)
{
	int ends[2], sink = open("/dev/null", O_WRONLY);

	if (pipe(ends) || fcntl(ends[1], F_SETPIPE_SZ, 4 * pattern->block) < 0)
		die("pipe");
	for (uint64_t at = 0; at < subject->size; at += pattern->block) {
		uint64_t bytes = expect_read(subject, truth, at, pattern->block);
		off_t offset = at;

		check("splice", splice(subject->fd, &offset, ends[1], NULL, pattern->block, 0),
		      bytes);
		check("splice", splice(ends[0], NULL, sink, NULL, bytes, 0), bytes);
	}
	close(sink);
}

/*
 * From the first quarter of the file to the last, within the kernel; at an odd place, for whole
 * blocks may be shared instead of being copied.
 */
static void copy_by_kernel(struct subject *subject, const struct pattern *pattern,
			   struct truth *truth)
{
	uint64_t part = subject->size / 4, last = 3 * part;

	for (uint64_t at = 0; at < part; at += pattern->block) {
		off_t from = at + 1, to = last + at;
		struct dirt dirt = dirt_before(subject, to, pattern->block);

		expect_read(subject, truth, at + 1, pattern->block);
		expect_write(subject, truth, last + at, pattern->block);
		check("copy_file_range",
		      copy_file_range(subject->fd, &from, subject->fd, &to, pattern->block, 0),
		      pattern->block);
		truth->dirtied += dirtied_since(subject, &dirt);
	}
}

#define THREADS 4

struct share {
	pthread_t thread;
	struct subject *subject;
	const struct pattern *pattern;
	uint64_t first;
	uint64_t end;
	uint64_t step;
	struct truth truth;
};

static void *read_share(void *argument)
{
	struct share *share = argument;
	struct subject own = *share->subject;
	char *buffer = buffer_of(share->pattern->block);

	own.fd = open(own.path, O_RDONLY);
	posix_fadvise(own.fd, 0, 0, share->pattern->advice);
	for (uint64_t at = share->first; at < share->end; at += share->step)
		read_at(&own, &share->truth, buffer, at, share->pattern->block);
	close(own.fd);
	return NULL;
}

static void read_shares(struct share *shares, struct truth *truth)
{
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&shares[i].thread, NULL, read_share, &shares[i]))
			refuse("no thread");
	for (int i = 0; i < THREADS; i++) {
		pthread_join(shares[i].thread, NULL);
		add_truth(truth, &shares[i].truth);
	}
}

/*
 * Each thread has its part of the file, and opens it for itself: read-ahead of the one would bring
 * in what the other has just been told is absent. The parts lie apart for the same reason.
 */
static void read_by_threads(struct subject *subject, const struct pattern *pattern,
			    struct truth *truth)
{
	struct share shares[THREADS];
	uint64_t part = subject->size / THREADS;

	for (int i = 0; i < THREADS; i++)
		shares[i] = (struct share){
			.subject = subject,
			.pattern = pattern,
			.first = i * part,
			.end = i * part + part / 2,
			.step = pattern->block,
		};
	read_shares(shares, truth);
}

/* The threads wait for neighbouring pages at the same time. */
static void read_in_turns(struct subject *subject, const struct pattern *pattern,
			  struct truth *truth)
{
	struct share shares[THREADS];

	for (int i = 0; i < THREADS; i++)
		shares[i] = (struct share){
			.subject = subject,
			.pattern = pattern,
			.first = i * pattern->block,
			.end = subject->size,
			.step = THREADS * pattern->block,
		};
	read_shares(shares, truth);
}

#endif
