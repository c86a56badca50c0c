// cachestat(2), which older headers and C libraries do not have (6.5).
#ifndef MEMTRACE_CORE_CACHESTAT_H_
#define MEMTRACE_CORE_CACHESTAT_H_

#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace memtrace {

// In bytes; a length of 0 is up to the end.
struct CachestatRange {
  uint64_t offset;
  uint64_t length;
};

// Pages.
struct Cachestat {
  uint64_t cached;
  uint64_t dirty;
  uint64_t writeback;
  uint64_t evicted;
  uint64_t recently_evicted;
};

// 0, or -1 and errno.
inline long cachestat(int fd, CachestatRange range, Cachestat& state) {
  constexpr long kNumber = 451;  // the same on every architecture
  return ::syscall(kNumber, fd, &range, &state, 0);
}

}  // namespace memtrace

#endif  // MEMTRACE_CORE_CACHESTAT_H_
