// The two calls that tell which pages of a file are cached.
#ifndef MEMTRACE_CORE_PAGE_CACHE_H_
#define MEMTRACE_CORE_PAGE_CACHE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>

#include "core/residency.h"

namespace memtrace {

// cachestat(2) over pages [first, first + pages), or nothing and errno. `size`: of the file in bytes.
std::optional<PageCounts> cachestat_pages(int fd, uint64_t first, uint64_t pages);

// Whether mincore(2) calls every page of this file resident: it does so for who may not know. Asked of a page
// that cannot be cached, far behind the end of the file.
bool mincore_pretends(int fd, uint64_t size);

// Calls `take(first, vector, pages)` for each window of the file, in order; the lowest bit of vector[i] says whether page
// first + i is resident. False, and errno, where it failed or was stopped.
using TakePages = std::function<void(uint64_t first, const unsigned char* vector, uint64_t pages)>;
bool mincore_windows(int fd, uint64_t pages, const std::atomic<bool>& stop, const TakePages& take);

}  // namespace memtrace

#endif  // MEMTRACE_CORE_PAGE_CACHE_H_
