/* Reads by io_uring, one at a time, by its system calls alone. */
#ifndef PAGES_URING_H
#define PAGES_URING_H

#include <linux/io_uring.h>

#include "pages-reads.h"

struct uring {
	int fd;
	unsigned *submit_tail;
	unsigned *submit_mask;
	unsigned *submit_array;
	unsigned *done_head;
	unsigned *done_mask;
	struct io_uring_sqe *requests;
	struct io_uring_cqe *answers;
};

static void *map_ring(int fd, size_t bytes, off_t what)
{
	void *ring = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, what);

	if (ring == MAP_FAILED)
		die("io_uring");
	return ring;
}

static struct uring new_uring(void)
{
	struct io_uring_params params = { 0 };
	struct uring uring = { .fd = (int)syscall(SYS_io_uring_setup, 4, &params) };
	char *submitted, *done;

	if (uring.fd < 0)
		refuse("no io_uring here");
	submitted = map_ring(uring.fd, params.sq_off.array + params.sq_entries * sizeof(unsigned),
			     IORING_OFF_SQ_RING);
	done = map_ring(uring.fd,
			params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe),
			IORING_OFF_CQ_RING);
	uring.requests = map_ring(uring.fd, params.sq_entries * sizeof(struct io_uring_sqe),
				  IORING_OFF_SQES);
	uring.submit_tail = (unsigned *)(submitted + params.sq_off.tail);
	uring.submit_mask = (unsigned *)(submitted + params.sq_off.ring_mask);
	uring.submit_array = (unsigned *)(submitted + params.sq_off.array);
	uring.done_head = (unsigned *)(done + params.cq_off.head);
	uring.done_mask = (unsigned *)(done + params.cq_off.ring_mask);
	uring.answers = (struct io_uring_cqe *)(done + params.cq_off.cqes);
	return uring;
}

static int64_t uring_read(struct uring *uring, int fd, char *buffer, uint64_t length,
			  uint64_t offset)
{
	unsigned tail = *uring->submit_tail, slot = tail & *uring->submit_mask, head;
	int64_t result;

	uring->requests[slot] = (struct io_uring_sqe){
		.opcode = IORING_OP_READ,
		.fd = fd,
		.addr = (uintptr_t)buffer,
		.len = (unsigned)length,
		.off = offset,
	};
	uring->submit_array[slot] = slot;
	__atomic_store_n(uring->submit_tail, tail + 1, __ATOMIC_RELEASE);
	while (syscall(SYS_io_uring_enter, uring->fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
		if (errno != EINTR)
			die("io_uring_enter");
	head = __atomic_load_n(uring->done_head, __ATOMIC_ACQUIRE);
	result = uring->answers[head & *uring->done_mask].res;
	__atomic_store_n(uring->done_head, head + 1, __ATOMIC_RELEASE);
	return result;
}

static void read_by_uring(struct subject *subject, const struct pattern *pattern,
			  struct truth *truth)
{
	struct uring uring = new_uring();
	char *buffer = buffer_of(pattern->block);

	for (uint64_t at = 0; at < subject->size; at += pattern->block) {
		uint64_t bytes = expect_read(subject, truth, at, pattern->block);

		check("io_uring", uring_read(&uring, subject->fd, buffer, pattern->block, at),
		      bytes);
	}
	close(uring.fd);
}

#endif
