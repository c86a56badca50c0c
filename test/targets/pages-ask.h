/*
 * Which pages of a file are in the page cache, asked without touching it: cachestat(2), which
 * counts pages that are still on their way as well; mincore(2) where that is not there, or does not
 * look at the file that holds the pages (overlayfs). That one does not count them, so it is asked
 * again when no disk is reading any more.
 */
#ifndef PAGES_ASK_H
#define PAGES_ASK_H

#include <fcntl.h>
#include <glob.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
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

#define MAX_DISKS 64

struct disks {
	int inflight[MAX_DISKS];
	int count;
	/* File systems with checksums have still to look at what the disk gave them. */
	int turns;
};

struct asker {
	int fd;
	int by_mincore;
	/* No disk has read since the last call that may have asked for it. */
	int is_settled;
	struct disks disks;
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

/* Kernels before 5.12 cache a page behind the end, where a read begins there. */
#define PAGES_BEHIND 64

static void map_again(struct asker *asker)
{
	if (asker->mapping)
		munmap(asker->mapping, asker->pages * page_size);
	asker->pages = pages_of(size_of(asker->fd)) + PAGES_BEHIND;
	asker->mapping = mmap(NULL, asker->pages * page_size, PROT_NONE, MAP_SHARED, asker->fd, 0);
	if (asker->mapping == MAP_FAILED)
		die("mmap");
}

/* The disk of the file; all of them where its file system may have several. */
static struct disks disks_of(int fd)
{
	struct disks disks = { .turns = 1 };
	char pattern[64] = "/sys/block/*/inflight";
	struct stat status;
	glob_t found;

	if (fstat(fd, &status))
		die("fstat");
	if (major(status.st_dev))
		snprintf(pattern, sizeof pattern, "/sys/dev/block/%u:%u/inflight",
			 major(status.st_dev), minor(status.st_dev));
	else
		disks.turns = 3;
	if (glob(pattern, 0, NULL, &found))
		die(pattern);
	for (size_t i = 0; i < found.gl_pathc && disks.count < MAX_DISKS; i++)
		disks.inflight[disks.count++] = open(found.gl_pathv[i], O_RDONLY);
	globfree(&found);
	return disks;
}

static int is_reading(const struct disks *disks)
{
	int reads = 0;

	for (int i = 0; i < disks->count; i++) {
		char line[64];
		ssize_t length = pread(disks->inflight[i], line, sizeof line - 1, 0);

		line[length > 0 ? length : 0] = 0;
		reads += atoi(line);
	}
	return reads > 0;
}

static void wait_for_disks(struct asker *asker)
{
	for (int turn = 0; !asker->is_settled && turn < asker->disks.turns; turn++)
		do
			sched_yield();
		while (is_reading(&asker->disks));
	asker->is_settled = 1;
}

static void ask_of(struct asker *asker, const char *path)
{
	struct residency answer;
	struct statfs system;

	asker->fd = open(path, O_RDWR);
	if (asker->fd < 0 || fstatfs(asker->fd, &system))
		die(path);
	asker->by_mincore = system.f_type == OVERLAY_MAGIC || !ask_range(asker->fd, 0, 1, &answer);
	asker->is_settled = 0;
	if (asker->by_mincore)
		asker->disks = disks_of(asker->fd);
	asker->mapping = NULL;
	asker->pages = 0;
}

static int is_mapped_resident(const struct asker *asker, uint64_t page)
{
	unsigned char resident;

	if (mincore(asker->mapping + page * page_size, page_size, &resident))
		die("mincore");
	return resident & 1;
}

static int is_resident(struct asker *asker, uint64_t page)
{
	struct residency answer;

	if (!asker->by_mincore) {
		if (!ask_range(asker->fd, page * page_size, page_size, &answer))
			die("cachestat");
		return answer.cached > 0;
	}
	if (page >= asker->pages && pages_of(size_of(asker->fd)) + PAGES_BEHIND > asker->pages)
		map_again(asker);
	if (page >= asker->pages)
		return 0;
	if (is_mapped_resident(asker, page))
		return 1;
	wait_for_disks(asker);
	return is_mapped_resident(asker, page);
}

static uint64_t resident_pages(struct asker *asker)
{
	uint64_t count = 0, pages = pages_of(size_of(asker->fd));

	asker->is_settled = 0;
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
