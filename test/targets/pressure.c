/* What puts memory under pressure for as long as it lives: the truth of the tests of triage.
 *
 *	pressure leak BYTES			a block of so many bytes twenty times a second, never freed
 *	pressure write FILE BYTES		as much twenty times a second to the end of a file
 *	pressure rewrite FILE BYTES		the first so many bytes of a file, over and over, without a pause
 *	pressure read FILE BYTES		as much twenty times a second of a file, once
 *	pressure fault FILE			the mapped file, a page here and a page there, again and again
 *	pressure lookup DIRECTORY COUNT		names that are not there, so many twenty times a second
 *	pressure hold BYTES			so many bytes, touched once; then nothing
 *
 * A second argument `in=GROUP` moves it into a control group (its tasks or cgroup.procs file) first.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const long step_ns = 50 * 1000 * 1000;
static const size_t page = 4096;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void next_step(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = step_ns }, NULL);
}

static void *volatile kept;

/* Named for what it does: a tracer that finds it has found the leak. */
__attribute__((noinline)) void keep_record(size_t size)
{
	char *block = malloc(size);
	if (!block)
		fail("malloc");
	memset(block, 1, size);
	*(void **)block = kept;
	kept = block;
}

__attribute__((noinline)) void serve_requests(size_t size)
{
	for (;;) {
		keep_record(size);
		next_step();
	}
}

static int open_file(const char *path, int flags)
{
	int fd = open(path, flags, 0600);
	if (fd < 0)
		fail(path);
	return fd;
}

static void write_on(const char *path, size_t size)
{
	int fd = open_file(path, O_CREAT | O_WRONLY);
	char *block = malloc(size);
	memset(block, 1, size);
	for (;; next_step())
		if (write(fd, block, size) < 0)
			fail(path);
}

static void rewrite(const char *path, off_t size)
{
	static char block[1 << 20];
	int fd = open_file(path, O_CREAT | O_WRONLY);
	for (off_t at = 0;; at = (at + (off_t)sizeof(block)) % size)
		if (pwrite(fd, block, sizeof(block), at) < 0)
			fail(path);
}

static void read_on(const char *path, size_t size)
{
	int fd = open_file(path, O_RDONLY);
	char *block = malloc(size);
	for (;; next_step())
		if (read(fd, block, size) < 0)
			fail(path);
}

static void fault_on(const char *path)
{
	int fd = open_file(path, O_RDONLY);
	struct stat file;
	volatile char sum = 0;
	if (fstat(fd, &file) < 0)
		fail(path);
	size_t pages = file.st_size / page;
	char *mapped = mmap(NULL, file.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (mapped == MAP_FAILED)
		fail(path);
	madvise(mapped, file.st_size, MADV_RANDOM);
	/* A prime stride touches every page before any comes again. */
	for (size_t at = 0;; at = (at + 7919) % pages)
		sum += mapped[at * page];
}

static void look_up(const char *directory, long count)
{
	char path[4096];
	struct stat file;
	for (long i = 0;; next_step())
		for (long end = i + count; i < end; i++) {
			snprintf(path, sizeof(path), "%s/no-such-file-%ld", directory, i);
			if (stat(path, &file) == 0)
				fail(path);
		}
}

static void join(const char *group)
{
	int fd = open_file(group, O_WRONLY);
	if (write(fd, "0", 1) != 1)
		fail(group);
	close(fd);
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	if (argc > 2 && strncmp(argv[2], "in=", 3) == 0) {
		join(argv[2] + 3);
		argv++;
		argc--;
	}
	const char *first = argc > 2 ? argv[2] : "";
	const char *second = argc > 3 ? argv[3] : "0";
	printf("ready %d\n", getpid());
	fflush(stdout);
	if (!strcmp(mode, "leak"))
		serve_requests(atol(first));
	if (!strcmp(mode, "write"))
		write_on(first, atol(second));
	if (!strcmp(mode, "rewrite"))
		rewrite(first, atol(second));
	if (!strcmp(mode, "read"))
		read_on(first, atol(second));
	if (!strcmp(mode, "fault"))
		fault_on(first);
	if (!strcmp(mode, "lookup"))
		look_up(first, atol(second));
	if (!strcmp(mode, "hold")) {
		char *block = malloc(atol(first));
		memset(block, 1, atol(first));
		pause();
	}
	return 1;
}
