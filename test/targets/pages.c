/*
 * A truth program for the page cache: `pages PATTERN FILE [BENEATH [SEED]]`. A child makes the file
 * and has it cached or not, as the pattern wants it; "ready PID" is said; after a line on stdin the
 * pattern runs, and "truth JSON" says what it did to the cache, page by page; after another line it
 * exits. BENEATH is the file that holds the pages: under overlayfs another one than FILE.
 * `pages list` names the patterns.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/wait.h>

#include "pages-maps.h"
#include "pages-paths.h"
#include "pages-reads.h"
#include "pages-setup.h"
#include "pages-truth.h"
#include "pages-uring.h"
#include "pages-writes.h"
#include "serve.h"

#define KIB 1024
#define MIB (1024 * KIB)
#define DEFAULT_SIZE (16 * MIB)
#define UNEVEN (MIB + 123)

/* clang-format off */
static const struct pattern patterns[] = {
	{"read-512-cold", setup_cold, read_through, 512, 2 * MIB},
	{"read-512-warm", setup_warm, read_through, 512, 2 * MIB},
	{"read-4k-cold", setup_cold, read_through, 4 * KIB},
	{"read-4k-warm", setup_warm, read_through, 4 * KIB},
	{"read-128k-cold", setup_cold, read_through, 128 * KIB},
	{"read-128k-warm", setup_warm, read_through, 128 * KIB},
	{"read-1m-cold", setup_cold, read_through, MIB},
	{"read-1m-warm", setup_warm, read_through, MIB},
	{"read-whole-cold", setup_cold, read_whole, 0, 64 * MIB},
	{"read-whole-warm", setup_warm, read_whole, 0, 64 * MIB},
	{"read-unaligned-cold", setup_cold, read_unaligned, 10000},
	{"read-unaligned-warm", setup_warm, read_unaligned, 10000},
	{"read-backwards-cold", setup_cold, read_backwards, 16 * KIB},
	{"read-strided-cold", setup_cold, read_strided, 4 * KIB},
	{"read-twice-cold", setup_cold, read_twice, 32 * KIB},
	{"read-advised-cold", setup_cold, read_advised, 128 * KIB},
	{"read-dropped", setup_cold, read_dropped, 64 * KIB},
	{"read-half", setup_half, read_through, 64 * KIB},
	{"random-512-warm", setup_warm, read_random, 512, 2 * MIB},
	{"random-4k-cold", setup_cold, read_random, 4 * KIB},
	{"random-4k-cold-advised", setup_cold, read_random, 4 * KIB, 0, POSIX_FADV_RANDOM},
	{"random-4k-warm", setup_warm, read_random, 4 * KIB},
	{"random-16k-half", setup_half, read_random, 16 * KIB},
	{"random-16k-half-advised", setup_half, read_random, 16 * KIB, 0, POSIX_FADV_RANDOM},
	{"shuffled-4k-cold-advised", setup_cold, read_shuffled, 4 * KIB, 0, POSIX_FADV_RANDOM},
	{"end-cold", setup_cold, read_at_end, 128 * KIB, UNEVEN},
	{"end-warm", setup_warm, read_at_end, 128 * KIB, UNEVEN},
	{"tiny-cold", setup_cold, read_at_end, 128 * KIB, 2},
	{"tiny-warm", setup_warm, read_at_end, 128 * KIB, 2},
	{"parts-cold", setup_cold, read_parts, 8 * KIB},
	{"parts-warm", setup_warm, read_parts, 8 * KIB},
	{"map-cold", setup_cold, touch_through, 0, 0, MADV_NORMAL},
	{"map-warm", setup_warm, touch_through, 0, 0, MADV_NORMAL},
	{"map-random-cold", setup_cold, touch_random, 0, 0, MADV_NORMAL},
	{"map-random-cold-advised", setup_cold, touch_random, 0, 0, MADV_RANDOM},
	{"map-random-warm", setup_warm, touch_random, 0, 0, MADV_NORMAL},
	{"map-random-half", setup_half, touch_random, 0, 0, MADV_NORMAL},
	{"map-written-cold", setup_cold, touch_written, 0, 0, MADV_NORMAL},
	{"map-written-warm", setup_warm, touch_written, 0, 0, MADV_NORMAL},
	{"overwrite-4k-warm", setup_warm, write_through, 4 * KIB},
	{"overwrite-128k-warm", setup_warm, write_through, 128 * KIB},
	{"overwrite-4k-cold", setup_cold, write_through, 4 * KIB},
	{"overwrite-128k-cold", setup_cold, write_through, 128 * KIB},
	{"overwrite-unaligned-warm", setup_warm, write_unaligned, 10000},
	{"overwrite-unaligned-cold", setup_cold, write_unaligned, 10000},
	{"overwrite-spots-warm", setup_warm, write_spots, 100, 4 * MIB},
	{"overwrite-spots-cold", setup_cold, write_spots, 100, 4 * MIB},
	{"append-4k", setup_cold, write_appended, 4 * KIB, MIB},
	{"append-1000", setup_cold, write_appended, 1000, UNEVEN},
	{"append-1m", setup_cold, write_appended, MIB, MIB},
	{"mix-warm", setup_warm, read_and_write, 4 * KIB},
	{"mix-cold", setup_cold, read_and_write, 4 * KIB},
	{"mix-16k-cold-advised", setup_cold, read_and_write, 16 * KIB, 0, POSIX_FADV_RANDOM},
	{"write-then-read", setup_written, write_then_read, 16 * KIB, 16 * KIB},
	{"direct-read-cold", setup_cold, read_direct, 64 * KIB},
	{"direct-read-warm", setup_warm, read_direct, 64 * KIB},
	{"direct-write", setup_cold, write_direct, 64 * KIB},
	{"sendfile-cold", setup_cold, read_by_sendfile, 256 * KIB},
	{"sendfile-warm", setup_warm, read_by_sendfile, 256 * KIB},
	{"splice-cold", setup_cold, read_by_splice, 64 * KIB},
	{"splice-warm", setup_warm, read_by_splice, 64 * KIB},
	{"copy-cold", setup_cold, copy_by_kernel, 64 * KIB},
	{"copy-warm", setup_warm, copy_by_kernel, 64 * KIB},
	{"threads-cold", setup_cold, read_by_threads, 16 * KIB},
	{"threads-warm", setup_warm, read_by_threads, 16 * KIB},
	{"threads-in-turns", setup_cold, read_in_turns, 4 * KIB, 0, POSIX_FADV_RANDOM},
	{"uring-cold", setup_cold, read_by_uring, 16 * KIB},
	{"uring-warm", setup_warm, read_by_uring, 16 * KIB},
};
/* clang-format on */
#define PATTERNS (sizeof patterns / sizeof *patterns)

static int list(void)
{
	for (size_t i = 0; i < PATTERNS; i++)
		puts(patterns[i].name);
	return 0;
}

static const struct pattern *pattern_of(const char *name)
{
	for (size_t i = 0; i < PATTERNS; i++)
		if (strcmp(patterns[i].name, name) == 0)
			return &patterns[i];
	refuse("no such pattern");
}

static void open_subject(struct subject *subject)
{
	subject->fd = open(subject->path, O_RDWR);
	if (subject->fd < 0)
		die(subject->path);
	ask_of(&subject->asker, subject->beneath);
}

static pid_t keeper;
static int kept;

/* By a child: none of it is what this process does. What it locked stays cached until it is let go. */
static void prepare(struct subject *subject, const struct pattern *pattern)
{
	int ends[2];
	char line = '\n';

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		die("socketpair");
	keeper = fork();
	if (keeper == 0) {
		close(ends[0]);
		fill_file(subject->path, subject->size);
		open_subject(subject);
		pattern->setup(subject);
		check("write", write(ends[1], &line, 1), 1);
		exit(read(ends[1], &line, 1) != 0);
	}
	close(ends[1]);
	kept = ends[0];
	if (keeper < 0 || read(kept, &line, 1) != 1)
		refuse("the file was not prepared");
}

static void let_go(void)
{
	close(kept);
	waitpid(keeper, NULL, 0);
}

int main(int count, char **words)
{
	struct subject subject = { .size = DEFAULT_SIZE, .random = 88172645463325252ULL };
	struct truth truth = { 0 };
	const struct pattern *pattern;
	char line[256];

	page_size = sysconf(_SC_PAGESIZE);
	if (count == 2 && strcmp(words[1], "list") == 0)
		return list();
	if (count < 3)
		refuse("usage: pages PATTERN FILE [BENEATH [SEED]]");
	pattern = pattern_of(words[1]);
	subject.path = words[2];
	subject.beneath = count > 3 ? words[3] : subject.path;
	if (pattern->size)
		subject.size = pattern->size;
	if (count > 4)
		subject.random += strtoull(words[4], NULL, 10);

	prepare(&subject, pattern);
	open_subject(&subject);
	say_number("ready", (unsigned long)getpid());
	if (!next_line(0, line, sizeof line))
		return 1;
	look_at_the_beginning(&subject);
	pattern->step(&subject, pattern, &truth);
	count_inserted(&subject, &truth);
	say_truth(pattern->name, &truth, !subject.asker.by_mincore);
	next_line(0, line, sizeof line);
	let_go();
	/* Nothing is left for memory reclaim to take. */
	fsync(subject.fd);
	posix_fadvise(subject.fd, 0, 0, POSIX_FADV_DONTNEED);
	return 0;
}
