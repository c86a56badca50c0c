/*
 * Patterns of mappings. An access is a page fault: what is mapped already is used without the
 * kernel.
 */
#ifndef PAGES_MAPS_H
#define PAGES_MAPS_H

#include <sys/resource.h>

#include "pages-reads.h"

static uint64_t faults_so_far(void)
{
	struct rusage usage;

	if (getrusage(RUSAGE_THREAD, &usage))
		die("getrusage");
	return usage.ru_minflt + usage.ru_majflt;
}

static volatile unsigned char *map_file(struct subject *subject, int protection, int advice)
{
	unsigned char *mapping = mmap(NULL, subject->size, protection, MAP_SHARED, subject->fd, 0);

	if (mapping == MAP_FAILED || madvise(mapping, subject->size, advice))
		die("mmap");
	return mapping;
}

static volatile unsigned char touched;

static void touch(struct subject *subject, struct truth *truth, volatile unsigned char *mapping,
		  uint64_t page, int writes)
{
	uint64_t before, faults;
	int resident;

	subject->asker.is_settled = 0;
	resident = is_resident(&subject->asker, page);
	before = faults_so_far();
	if (writes)
		mapping[page * page_size] = (unsigned char)page;
	else
		touched = mapping[page * page_size];
	faults = faults_so_far() - before;
	truth->calls++;
	truth->bytes++;
	if (!faults)
		return;
	truth->accesses += faults;
	truth->faults += faults;
	if (!resident)
		truth->absent++;
	else if (subject->states[page] == PAGE_NEW)
		truth->read_ahead++;
	subject->states[page] = PAGE_USED;
}

static void touch_through(struct subject *subject, const struct pattern *pattern,
			  struct truth *truth)
{
	volatile unsigned char *mapping = map_file(subject, PROT_READ, pattern->advice);

	for (uint64_t page = 0; page < pages_of(subject->size); page++)
		touch(subject, truth, mapping, page, 0);
}

static void touch_random(struct subject *subject, const struct pattern *pattern,
			 struct truth *truth)
{
	volatile unsigned char *mapping = map_file(subject, PROT_READ, pattern->advice);
	uint64_t pages = pages_of(subject->size);

	for (uint64_t i = 0; i < pages / 2; i++)
		touch(subject, truth, mapping, next_random(subject, pages), 0);
}

static void touch_written(struct subject *subject, const struct pattern *pattern,
			  struct truth *truth)
{
	volatile unsigned char *mapping =
		map_file(subject, PROT_READ | PROT_WRITE, pattern->advice);
	struct dirt dirt = dirt_before(subject, 0, subject->size);

	for (uint64_t page = 0; page < pages_of(subject->size); page++)
		touch(subject, truth, mapping, page, 1);
	truth->dirtied += dirtied_since(subject, &dirt);
}

#endif
