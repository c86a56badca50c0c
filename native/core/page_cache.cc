#include "core/page_cache.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "core/cachestat.h"

namespace memtrace {
namespace {

// 256 MiB of 4 KiB pages: the vector is one byte a page.
constexpr uint64_t kWindowPages = 1 << 16;

// Farther than the largest folio that reaches over the end of a file.
constexpr uint64_t kBehindEnd = 1 << 30;

class Mapping {
 public:
  Mapping(int fd, uint64_t offset, uint64_t length)
      : length_(length),
        address_(mmap(nullptr, length, PROT_NONE, MAP_SHARED, fd, static_cast<off_t>(offset))) {}
  ~Mapping() {
    if (mapped()) munmap(address_, length_);
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  bool mapped() const { return address_ != MAP_FAILED; }
  bool residency(unsigned char* vector) const { return mincore(address_, length_, vector) == 0; }

 private:
  uint64_t length_;
  void* address_;
};

}  // namespace

uint64_t page_size() {
  static const auto size = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  return size;
}

std::optional<PageCounts> cachestat_pages(int fd, uint64_t first, uint64_t pages) {
  CachestatRange range{first * page_size(), pages * page_size()};
  Cachestat found{};
  if (cachestat(fd, range, found) != 0) return std::nullopt;
  return PageCounts{found.cached, found.dirty, found.writeback, found.evicted,
                    found.recently_evicted};
}

bool mincore_pretends(int fd, uint64_t size) {
  uint64_t end = (size + page_size() - 1) / page_size() * page_size();
  for (uint64_t behind : {kBehindEnd, uint64_t{0}}) {
    Mapping page(fd, end + behind, page_size());
    unsigned char resident = 0;
    // A file as large as its file system allows has nothing behind its end that could be mapped.
    if (page.mapped()) return page.residency(&resident) && (resident & 1) != 0;
  }
  return false;
}

bool mincore_windows(int fd, uint64_t pages, const std::atomic<bool>& stop, const TakePages& take) {
  std::vector<unsigned char> vector(std::min(pages, kWindowPages));
  for (uint64_t first = 0; first < pages; first += kWindowPages) {
    if (stop) {
      errno = ECANCELED;
      return false;
    }
    uint64_t count = std::min(kWindowPages, pages - first);
    Mapping window(fd, first * page_size(), count * page_size());
    if (!window.mapped() || !window.residency(vector.data())) return false;
    take(first, vector.data(), count);
  }
  return true;
}

}  // namespace memtrace
