/* Files of known residency, and what mincore(2) says of them, page by page.
 *   residency shape FILE [FIRST:COUNT…]   writes everything back, drops the file from the cache and reads only these pages
 *   residency dirty FILE FIRST:COUNT      writes these pages and leaves them dirty
 *   residency pageout FILE FIRST:COUNT    makes the kernel reclaim these pages, as memory pressure does
 *   residency ask FILE                    prints "FIRST COUNT" for each range of resident pages
 *   residency hold FILE…                  opens each by a descriptor, maps the last one, prints "ready" and waits
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

static long page;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static int opened(const char *path, int flags)
{
	int fd = open(path, flags);

	if (fd < 0)
		fail(path);
	return fd;
}

static void pages_of(const char *text, long *first, long *count)
{
	if (sscanf(text, "%ld:%ld", first, count) != 2)
		fail(text);
}

static void read_pages(int fd, long first, long count)
{
	char *bytes = malloc(page);

	for (long i = first; i < first + count; i++)
		if (pread(fd, bytes, page, i * page) < 0)
			fail("pread");
	free(bytes);
}

static void shape(const char *path, char **ranges)
{
	int fd = opened(path, O_RDONLY);

	if (fsync(fd) || posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED))
		fail("drop");
	/* No read-ahead: only the pages that are asked for. */
	posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
	for (; *ranges; ranges++) {
		long first, count;

		pages_of(*ranges, &first, &count);
		read_pages(fd, first, count);
	}
}

static void dirty(const char *path, long first, long count)
{
	int fd = opened(path, O_WRONLY);
	char *bytes = calloc(1, page);

	for (long i = first; i < first + count; i++)
		if (pwrite(fd, bytes, page, i * page) != page)
			fail("pwrite");
}

static void pageout(const char *path, long first, long count)
{
	int fd = opened(path, O_RDWR);
	void *at = mmap(NULL, count * page, PROT_READ, MAP_SHARED, fd, first * page);

	if (at == MAP_FAILED)
		fail("mmap");
	for (long i = 0; i < count; i++)
		(void)*(volatile char *)((char *)at + i * page);
	if (madvise(at, count * page, MADV_PAGEOUT))
		fail("madvise");
}

static void ask(const char *path)
{
	int fd = opened(path, O_RDONLY);
	struct stat status;

	if (fstat(fd, &status))
		fail("fstat");
	long pages = (status.st_size + page - 1) / page;

	if (pages == 0)
		return;
	unsigned char *resident = malloc(pages);
	void *at = mmap(NULL, status.st_size, PROT_READ, MAP_SHARED, fd, 0);

	if (at == MAP_FAILED || mincore(at, status.st_size, resident))
		fail("mincore");
	for (long i = 0, first; i < pages; i++) {
		if (!(resident[i] & 1))
			continue;
		for (first = i; i + 1 < pages && (resident[i + 1] & 1); i++)
			;
		printf("%ld %ld\n", first, i + 1 - first);
	}
}

static void hold(char **paths)
{
	int fd = -1;
	char byte;

	for (; *paths; paths++)
		fd = opened(*paths, O_RDONLY);
	if (mmap(NULL, page, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED)
		fail("mmap");
	close(fd);
	puts("ready");
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		;
}

int main(int argc, char **argv)
{
	long first, count;

	page = sysconf(_SC_PAGESIZE);
	if (argc < 3)
		return 2;
	if (!strcmp(argv[1], "shape")) {
		shape(argv[2], argv + 3);
	} else if (!strcmp(argv[1], "ask")) {
		ask(argv[2]);
	} else if (!strcmp(argv[1], "hold")) {
		hold(argv + 2);
	} else if (argc == 4) {
		pages_of(argv[3], &first, &count);
		if (!strcmp(argv[1], "dirty"))
			dirty(argv[2], first, count);
		else
			pageout(argv[2], first, count);
	}
	return 0;
}
