/*
 * Which pages of a file are in the page cache, asked without touching it: cachestat(2), which
 * counts pages that are still on their way as well; mincore(2) where that is not there, or does not
 * look at the file that holds the pages (overlayfs).
 */
#ifndef PAGES_ASK_H
#define PAGES_ASK_H

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#define CACHESTAT 451
#define OVERLAY_MAGIC 0x794c7630

struct range {
	uint64_t offset;
	uint64_t length;
};

struct residency {
	uint64_t cached;
	uint64_t dirty;
	uint64_t writeback;
	uint64_t evicted;
	uint64_t recently_evicted;
};

static long page_size;

struct asker {
	int fd;
	int by_mincore;
	unsigned char *mapping;
	uint64_t pages;
};

__attribute__((noreturn)) static void die(const char *what)
{
	perror(what);
	exit(2);
}

__attribute__((noreturn)) static void refuse(const char *why)
{
	fprintf(stderr, "pages: %s\n", why);
	exit(2);
}

static uint64_t pages_of(uint64_t bytes)
{
	return (bytes + page_size - 1) / page_size;
}

static uint64_t size_of(int fd)
{
	struct stat status;

	if (fstat(fd, &status))
		die("fstat");
	return status.st_size;
}

static int ask_range(int fd, uint64_t offset, uint64_t length, struct residency *answer)
{
	struct range range = { offset, length };

	return syscall(CACHESTAT, fd, &range, answer, 0) == 0;
}

static void ask_of(struct asker *asker, const char *path)
{
	struct residency answer;
	struct statfs system;

	asker->fd = open(path, O_RDWR);
	if (asker->fd < 0 || fstatfs(asker->fd, &system))
		die(path);
	asker->by_mincore = system.f_type == OVERLAY_MAGIC || !ask_range(asker->fd, 0, 1, &answer);
	asker->mapping = NULL;
	asker->pages = 0;
}

static void map_again(struct asker *asker)
{
	if (asker->mapping)
		munmap(asker->mapping, asker->pages * page_size);
	asker->pages = pages_of(size_of(asker->fd));
	asker->mapping = mmap(NULL, asker->pages * page_size, PROT_NONE, MAP_SHARED, asker->fd, 0);
	if (asker->mapping == MAP_FAILED)
		die("mmap");
}

static int is_resident(struct asker *asker, uint64_t page)
{
	struct residency answer;
	unsigned char resident;

	if (!asker->by_mincore) {
		if (!ask_range(asker->fd, page * page_size, page_size, &answer))
			die("cachestat");
		return answer.cached > 0;
	}
	if (page >= pages_of(size_of(asker->fd)))
		return 0;
	if (page >= asker->pages)
		map_again(asker);
	if (mincore(asker->mapping + page * page_size, page_size, &resident))
		die("mincore");
	return resident & 1;
}

static uint64_t resident_pages(struct asker *asker)
{
	uint64_t count = 0, pages = pages_of(size_of(asker->fd));

	for (uint64_t page = 0; page < pages; page++)
		count += is_resident(asker, page);
	return count;
}

/* Dirty pages; 0 where only mincore() can be asked. */
static uint64_t dirty_pages(struct asker *asker, uint64_t offset, uint64_t length)
{
	struct residency answer;

	if (asker->by_mincore || !ask_range(asker->fd, offset, length, &answer))
		return 0;
	return answer.dirty;
}

#endif
