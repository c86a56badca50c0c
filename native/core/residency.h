// How much of a file the page cache holds: cachestat(2) where it tells the truth, else mincore(2).
#ifndef MEMTRACE_CORE_RESIDENCY_H_
#define MEMTRACE_CORE_RESIDENCY_H_

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace memtrace {

// How far the measurement of one file came. JavaScript knows them by the names of kOutcomeNames.
enum class Outcome : uint8_t {
  kMeasured,
  kNoStat,      // stat(2) failed: errno
  kNotRegular,  // a directory, a device, a FIFO, a socket: mode; never opened
  kPseudo,      // on a file system that has no page cache, such as proc: never opened
  kNoOpen,      // open(2) failed: errno
  kHidden,      // the kernel shows the residency to the owner and to those who may write only
  kUntold,      // no call tells it: DAX, hugetlbfs
  kFailed,      // mincore(2) failed: errno
};
extern const std::vector<std::string> kOutcomeNames;

enum class Method : uint8_t { kNone, kCachestat, kMincore };
extern const std::vector<std::string> kMethodNames;

// What cachestat(2) counts, in pages; mincore(2) knows the first alone.
struct PageCounts {
  uint64_t cached = 0;
  uint64_t dirty = 0;
  uint64_t writeback = 0;
  uint64_t evicted = 0;
  uint64_t recently_evicted = 0;
};

// Pages that follow each other and are resident.
struct PageRange {
  uint64_t first;
  uint64_t pages;
  uint64_t dirty;  // of them; 0 where the method does not tell
  uint64_t writeback;
};

struct FileResidency {
  Outcome outcome = Outcome::kMeasured;
  int error = 0;  // errno
  Method method = Method::kNone;
  uint32_t mode = 0;
  uint64_t device = 0;
  uint64_t inode = 0;
  uint64_t links = 0;
  uint64_t size = 0;         // bytes
  int64_t modified_ms = 0;   // since the epoch
  uint64_t file_system = 0;  // statfs(2)'s magic, 0 where it was not learnt
  uint64_t pages = 0;
  PageCounts counts;
  // Resident pages in each of as many equal parts; empty where all or none are resident.
  std::vector<double> cells;
  std::vector<PageRange> ranges;
};

struct ResidencyWanted {
  uint32_t cells = 0;   // parts of the file at most; 0: none
  bool ranges = false;  // each range of resident pages
};

uint64_t page_size();

// Each path on its own: nothing is thrown, nothing but regular files is opened, nothing waits for a writer. Files are mapped
// by windows, without reading them. `stop` is looked at between files and windows: what is left then has ECANCELED.
// With a `directory`, the paths are names of regular files in it, as it was listed: that is quicker.
std::vector<FileResidency> measure_residency(const std::vector<std::string>& paths,
                                             const ResidencyWanted& wanted,
                                             const std::atomic<bool>& stop,
                                             const std::string& directory = "");

}  // namespace memtrace

#endif  // MEMTRACE_CORE_RESIDENCY_H_
