/*
 * What a pattern does to the page cache, counted beforehand: the kernel is asked about each page
 * right before the call that is going to use it.
 */
#ifndef PAGES_TRUTH_H
#define PAGES_TRUTH_H

#include <string.h>

#include "pages-ask.h"

struct truth {
	uint64_t calls;
	uint64_t bytes;
	uint64_t accesses;
	/* Accessed pages that were not resident when asked. */
	uint64_t absent;
	/* Accessed pages that were, and that nothing but read-ahead can have brought. */
	uint64_t read_ahead;
	uint64_t faults;
	uint64_t write_accesses;
	uint64_t write_absent;
	uint64_t dirtied;
	/* Pages of direct I/O. */
	uint64_t direct;
	/* Pages that were brought into the cache, accessed or not. */
	uint64_t inserted;
	/* Those of them that lie behind the end of the file. */
	uint64_t behind;
};

enum page_state {
	/* Resident at the beginning, or accessed since. */
	PAGE_USED,
	/* Not resident at the beginning, or dropped since. */
	PAGE_NEW,
};

struct subject {
	const char *path;
	const char *beneath;
	int fd;
	uint64_t size;
	struct asker asker;
	unsigned char *states;
	unsigned char *were_resident;
	uint64_t random;
};

static uint64_t next_random(struct subject *subject, uint64_t below)
{
	uint64_t *state = &subject->random;

	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state % below;
}

#define ROOM_TO_GROW (1 << 15)

static void look_at_the_beginning(struct subject *subject)
{
	uint64_t pages = pages_of(subject->size) + ROOM_TO_GROW;

	subject->states = calloc(pages, 1);
	subject->were_resident = calloc(pages, 1);
	if (!subject->states || !subject->were_resident)
		die("calloc");
	subject->asker.is_settled = 0;
	for (uint64_t page = 0; page < pages; page++) {
		int resident = page < pages_of(subject->size) && is_resident(&subject->asker, page);

		subject->states[page] = resident ? PAGE_USED : PAGE_NEW;
		subject->were_resident[page] = (unsigned char)resident;
	}
}

/* Counts what came into the cache since the beginning, or since this was called last. */
static void count_inserted(struct subject *subject, struct truth *truth)
{
	uint64_t pages = pages_of(size_of(subject->fd));

	subject->asker.is_settled = 0;
	for (uint64_t page = 0; page < pages + PAGES_BEHIND; page++) {
		int resident = is_resident(&subject->asker, page);
		int came = resident && !subject->were_resident[page];

		truth->inserted += came;
		truth->behind += came && page >= pages;
		subject->were_resident[page] = (unsigned char)resident;
	}
}

/* `page` is about to be accessed. */
static void count_access(struct subject *subject, struct truth *truth, uint64_t page)
{
	truth->accesses++;
	if (!is_resident(&subject->asker, page))
		truth->absent++;
	else if (subject->states[page] == PAGE_NEW)
		truth->read_ahead++;
	subject->states[page] = PAGE_USED;
}

/* Bytes that a read of `length` at `offset` is going to return. */
static uint64_t available(const struct subject *subject, uint64_t offset, uint64_t length)
{
	if (offset >= subject->size)
		return 0;
	return offset + length > subject->size ? subject->size - offset : length;
}

static uint64_t expect_read(struct subject *subject, struct truth *truth, uint64_t offset,
			    uint64_t length)
{
	uint64_t bytes = available(subject, offset, length);

	subject->asker.is_settled = 0;
	for (uint64_t page = offset / page_size; bytes && page < pages_of(offset + bytes); page++)
		count_access(subject, truth, page);
	truth->calls++;
	truth->bytes += bytes;
	return bytes;
}

static void expect_write(struct subject *subject, struct truth *truth, uint64_t offset,
			 uint64_t length)
{
	subject->asker.is_settled = 0;
	for (uint64_t page = offset / page_size; page < pages_of(offset + length); page++) {
		truth->write_accesses++;
		truth->write_absent += !is_resident(&subject->asker, page);
		subject->states[page] = PAGE_USED;
	}
	truth->calls++;
	truth->bytes += length;
}

/* The largest folio. */
#define FOLIO_BYTES (512 * page_size)

struct dirt {
	/* What is about to be written, whole pages, and all folios that it may be part of. */
	struct range pages;
	struct range folios;
	uint64_t clean;
	uint64_t dirty;
};

static struct range widened(uint64_t offset, uint64_t length, uint64_t unit)
{
	uint64_t first = offset / unit * unit, end = (offset + length + unit - 1) / unit * unit;

	return (struct range){ first, end - first };
}

static struct dirt dirt_before(struct subject *subject, uint64_t offset, uint64_t length)
{
	struct asker *asker = &subject->asker;
	struct dirt dirt = {
		.pages = widened(offset, length, page_size),
		.folios = widened(offset, length, FOLIO_BYTES),
	};

	dirt.clean = dirt.pages.length / page_size -
		     dirty_pages(asker, dirt.pages.offset, dirt.pages.length);
	dirt.dirty = dirty_pages(asker, dirt.folios.offset, dirt.folios.length);
	return dirt;
}

/*
 * A folio turns dirty as a whole: more than what was written. Less is dirty afterwards where
 * something else of it was written to the disk meanwhile.
 */
static uint64_t dirtied_since(struct subject *subject, const struct dirt *dirt)
{
	struct asker *asker = &subject->asker;
	uint64_t dirty = dirty_pages(asker, dirt->folios.offset, dirt->folios.length);

	return dirty > dirt->dirty + dirt->clean ? dirty - dirt->dirty : dirt->clean;
}

static void expect_direct(struct truth *truth, uint64_t offset, uint64_t length)
{
	truth->calls++;
	truth->bytes += length;
	truth->direct += pages_of(offset + length) - offset / page_size;
}

/* What was done must be what was counted. */
static void check(const char *call, int64_t done, uint64_t expected)
{
	if (done >= 0 && (uint64_t)done == expected)
		return;
	fprintf(stderr, "pages: %s gave %ld instead of %lu\n", call, (long)done,
		(unsigned long)expected);
	if (done < 0)
		perror(call);
	exit(2);
}

static void add_truth(struct truth *to, const struct truth *from)
{
	uint64_t *sum = (uint64_t *)to;
	const uint64_t *more = (const uint64_t *)from;

	for (size_t i = 0; i < sizeof *to / sizeof *sum; i++)
		sum[i] += more[i];
}

/* What was dirtied is null where the kernel cannot be asked. */
static void say_truth(const char *pattern, const struct truth *truth, int knows_dirty)
{
	char dirtied[32] = "null";

	if (knows_dirty)
		snprintf(dirtied, sizeof dirtied, "%lu", truth->dirtied);
	printf("truth {\"pattern\":\"%s\",\"calls\":%lu,\"bytes\":%lu,\"accesses\":%lu,"
	       "\"absent\":%lu,\"readAhead\":%lu,\"faults\":%lu,\"writeAccesses\":%lu,"
	       "\"writeAbsent\":%lu,\"dirtied\":%s,\"direct\":%lu,\"inserted\":%lu,"
	       "\"behind\":%lu}\n",
	       pattern, truth->calls, truth->bytes, truth->accesses, truth->absent,
	       truth->read_ahead, truth->faults, truth->write_accesses, truth->write_absent,
	       dirtied, truth->direct, truth->inserted, truth->behind);
	fflush(stdout);
}

#endif
