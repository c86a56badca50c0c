/*
 * Threads that read the same file at once, page by page and without read-ahead: readers FILE THREADS.
 * It is not in the cache when they begin. Says "ready PID", reads after a line on stdin, and tells how
 * many pages its calls returned.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { PAGE = 4096 };

static const char *path;
static long size;
static long accesses;
static pthread_barrier_t begin;

static void *read_all(void *unused)
{
	static __thread char page[PAGE];
	int file = open(path, O_RDONLY);
	long mine = 0;

	prctl(PR_SET_NAME, "reader");
	posix_fadvise(file, 0, 0, POSIX_FADV_RANDOM);
	pthread_barrier_wait(&begin);
	for (long at = 0; at < size; at += PAGE)
		mine += pread(file, page, PAGE, at) > 0;
	__sync_fetch_and_add(&accesses, mine);
	close(file);
	return unused;
}

int main(int count, char **words)
{
	int threads = count > 2 ? atoi(words[2]) : 1, file;
	pthread_t *thread = calloc(threads, sizeof(*thread));
	char line[16];

	path = words[1];
	file = open(path, O_RDONLY);
	size = lseek(file, 0, SEEK_END);
	fdatasync(file);
	posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
	close(file);
	printf("ready %d\n", getpid());
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		return 1;
	pthread_barrier_init(&begin, NULL, threads);
	for (int i = 0; i < threads; i++)
		pthread_create(&thread[i], NULL, read_all, NULL);
	for (int i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	printf("truth {\"accesses\":%ld}\n", accesses);
	fflush(stdout);
	return !fgets(line, sizeof(line), stdin);
}
