/* The file of a pattern, and how much of it is cached when the pattern begins. */
#ifndef PAGES_SETUP_H
#define PAGES_SETUP_H

#include <sys/socket.h>
#include <sys/wait.h>

#include "pages-truth.h"

#define CHUNK (1 << 20)

static void fill_file(const char *path, uint64_t size)
{
	char *chunk = malloc(CHUNK);
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);

	if (fd < 0 || !chunk)
		die(path);
	for (size_t i = 0; i < CHUNK; i++)
		chunk[i] = (char)(i * 7 + i / 4096);
	for (uint64_t at = 0; at < size;) {
		uint64_t length = size - at < CHUNK ? size - at : CHUNK;

		check("write", write(fd, chunk, length), length);
		at += length;
	}
	if (fsync(fd))
		die("fsync");
	close(fd);
	free(chunk);
}

/* Pages that are still in the CPUs' own lists, or on their way to the disk, stay at the first try. */
static void drop_pages(int fd, struct asker *asker)
{
	for (int tries = 0; tries < 100; tries++) {
		if (fsync(fd))
			die("fsync");
		posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
		if (resident_pages(asker) == 0)
			return;
	}
	refuse("the file does not leave the page cache");
}

static void setup_cold(struct subject *subject)
{
	drop_pages(subject->fd, &subject->asker);
}

/* Memory reclaim may take pages again meanwhile: they are locked at last, for as long as this process lives. */
static void setup_warm(struct subject *subject)
{
	char *chunk = malloc(CHUNK);
	void *pages = mmap(NULL, subject->size, PROT_READ, MAP_SHARED, subject->fd, 0);

	if (pages == MAP_FAILED)
		die("mmap");
	for (int tries = 0; tries < 10; tries++) {
		for (uint64_t at = 0; at < subject->size; at += CHUNK)
			if (pread(subject->fd, chunk, CHUNK, at) < 0)
				die("pread");
		/* Who may not lock pages plays with those that stay. */
		mlock(pages, subject->size);
		if (resident_pages(&subject->asker) == pages_of(subject->size)) {
			free(chunk);
			return;
		}
	}
	refuse("the file does not stay in the page cache");
}

#define HALF_BLOCK 16384

/* Every other 16 KiB. */
static void setup_half(struct subject *subject)
{
	char block[HALF_BLOCK];

	setup_cold(subject);
	posix_fadvise(subject->fd, 0, 0, POSIX_FADV_RANDOM);
	for (uint64_t at = 0; at < subject->size; at += 2 * HALF_BLOCK)
		if (pread(subject->fd, block, HALF_BLOCK, at) < 0)
			die("pread");
	posix_fadvise(subject->fd, 0, 0, POSIX_FADV_NORMAL);
}

/* What was asked for by writing it stays cached. */
static void setup_written(struct subject *subject)
{
	(void)subject;
}

#endif
