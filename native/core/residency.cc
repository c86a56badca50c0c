#include "core/residency.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <unordered_map>

#include "core/file_system_type.h"
#include "core/page_cache.h"

namespace memtrace {

const std::vector<std::string> kOutcomeNames = {"measured", "no-stat", "not-regular", "pseudo",
                                                "no-open",  "hidden",  "untold",      "failed"};
const std::vector<std::string> kMethodNames = {"none", "cachestat", "mincore"};

namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

// Without waiting for a FIFO's writer, and without a new access time where that is allowed: mapping a file counts as an access.
int open_quietly(const std::string& path) {
  constexpr int kFlags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  int fd = open(path.c_str(), kFlags | O_NOATIME);
  return fd < 0 && errno == EPERM ? open(path.c_str(), kFlags) : fd;
}

#ifndef SYS_openat2
#define SYS_openat2 437  // the same on every architecture
#endif

// Opens what lies in the directory itself: a device that was mounted over a file, or a link that took its place, is not.
int open_beneath(int directory, const std::string& name) {
  struct {
    uint64_t flags, mode, resolve;
  } how = {O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | O_NOATIME, 0,
           0x01 | 0x04 /* RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS */};
  return static_cast<int>(syscall(SYS_openat2, directory, name.c_str(), &how, sizeof(how)));
}

class Measurement {
 public:
  Measurement(const ResidencyWanted& wanted, const std::atomic<bool>& stop,
              const std::string& directory)
      : wanted_(wanted),
        stop_(stop),
        directory_(directory.empty() ? -1
                                     : open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)),
        base_(directory.empty() || directory.back() == '/' ? directory : directory + "/") {
    struct stat status {};
    if (directory_.get() >= 0 && fstat(directory_.get(), &status) == 0)
      directory_type_ = file_system_of(directory, status.st_dev);
  }

  // A name in the directory, or a path where there is none.
  FileResidency of_name(const std::string& name) {
    FileResidency file;
    if (directory_.get() < 0 || is_pseudo(directory_type_) || stop_) return of(base_ + name);
    Descriptor fd(open_beneath(directory_.get(), name));
    struct stat status {};
    // What cannot be opened so is looked at with more care.
    if (fd.get() < 0 || fstat(fd.get(), &status) != 0) return of(base_ + name);
    file.file_system = directory_type_;
    measure_open(fd.get(), status, file);
    return file;
  }

  FileResidency of(const std::string& path) {
    FileResidency file;
    if (stop_) return ended(file, Outcome::kFailed, ECANCELED);
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) return ended(file, Outcome::kNoStat, errno);
    describe(file, status);
    // Before it is opened: opening what is not a file is not harmless.
    if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
      return ended(file, Outcome::kNotRegular);
    file.file_system = file_system_of(path, status.st_dev);
    if (is_pseudo(file.file_system)) return ended(file, Outcome::kPseudo);
    if (S_ISDIR(status.st_mode)) return ended(file, Outcome::kNotRegular);
    Descriptor fd(open_quietly(path));
    if (fd.get() < 0) return ended(file, Outcome::kNoOpen, errno);
    if (fstat(fd.get(), &status) != 0) return ended(file, Outcome::kNoStat, errno);
    measure_open(fd.get(), status, file);
    return file;
  }

 private:
  void measure_open(int fd, const struct stat& status, FileResidency& file) {
    describe(file, status);
    if (!S_ISREG(status.st_mode))
      ended(file, Outcome::kNotRegular);
    else if (file.file_system == kHugetlbfs)
      ended(file, Outcome::kUntold);
    else if (file.pages > 0)
      measure(fd, file);
  }

  static FileResidency ended(FileResidency& file, Outcome outcome, int error = 0) {
    file.outcome = outcome;
    file.error = error;
    return file;
  }

  static void describe(FileResidency& file, const struct stat& status) {
    file.mode = status.st_mode;
    file.device = status.st_dev;
    file.inode = status.st_ino;
    file.links = status.st_nlink;
    file.size = S_ISREG(status.st_mode) ? static_cast<uint64_t>(status.st_size) : 0;
    file.modified_ms = status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1'000'000;
    file.pages = (file.size + page_size() - 1) / page_size();
  }

  uint64_t file_system_of(const std::string& path, dev_t device) {
    auto known = file_systems_.find(device);
    if (known != file_systems_.end()) return known->second;
    struct statfs facts {};
    if (statfs(path.c_str(), &facts) != 0) return 0;
    auto type = static_cast<uint64_t>(static_cast<uint32_t>(facts.f_type));
    file_systems_.emplace(device, type);
    return type;
  }

  void measure(int fd, FileResidency& file) {
    auto counts = cachestat_pages(fd, 0, file.pages);
    // 0 is no answer where the pages belong to a file below.
    if (counts && (counts->cached > 0 || !is_stacked(file.file_system))) {
      file.method = Method::kCachestat;
      file.counts = *counts;
      count_cells(fd, file);
      if (wanted_.ranges) list_ranges(fd, file);
    } else {
      by_mincore(fd, file);
    }
  }

  bool is_partial(const FileResidency& file) const {
    return file.counts.cached > 0 && file.counts.cached < file.pages;
  }

  uint64_t cell_count(const FileResidency& file) const {
    return std::min<uint64_t>(wanted_.cells, file.pages);
  }

  void count_cells(int fd, FileResidency& file) const {
    uint64_t cells = cell_count(file);
    if (!is_partial(file)) return;
    for (uint64_t i = 0; i < cells; ++i) {
      uint64_t first = file.pages * i / cells, end = file.pages * (i + 1) / cells;
      auto counts = cachestat_pages(fd, first, end - first);
      file.cells.push_back(counts ? static_cast<double>(counts->cached) : 0);
    }
  }

  // The ranges come from mincore(2), which asks page by page, unless it is not honest; what is dirty in each of them
  // from cachestat(2).
  void list_ranges(int fd, FileResidency& file) const {
    if (file.counts.cached == 0) return;
    bool known = mincore_pretends(fd, file.size)
                     ? halve(fd, 0, file.pages, file.ranges)
                     : mincore_windows(fd, file.pages, stop_, range_taker(file.ranges));
    if (!known) {
      ended(file, Outcome::kFailed, errno);
      return;
    }
    if (file.counts.dirty == 0 && file.counts.writeback == 0) return;
    for (PageRange& range : file.ranges) {
      if (stop_) return;
      auto counts = cachestat_pages(fd, range.first, range.pages);
      if (!counts) continue;
      range.dirty = counts->dirty;
      range.writeback = counts->writeback;
    }
  }

  bool halve(int fd, uint64_t first, uint64_t pages, std::vector<PageRange>& ranges) const {
    errno = ECANCELED;
    if (stop_) return false;
    auto counts = cachestat_pages(fd, first, pages);
    if (!counts) return false;
    if (counts->cached == 0) return true;
    if (counts->cached >= pages) {
      add_range(ranges, first, pages);
      return true;
    }
    return halve(fd, first, pages / 2, ranges) &&
           halve(fd, first + pages / 2, pages - pages / 2, ranges);
  }

  static void add_range(std::vector<PageRange>& ranges, uint64_t first, uint64_t pages) {
    if (!ranges.empty() && ranges.back().first + ranges.back().pages == first)
      ranges.back().pages += pages;
    else
      ranges.push_back({first, pages, 0, 0});
  }

  static TakePages range_taker(std::vector<PageRange>& ranges) {
    return [&ranges](uint64_t first, const unsigned char* vector, uint64_t pages) {
      for (uint64_t i = 0; i < pages; ++i) {
        if ((vector[i] & 1) != 0) add_range(ranges, first + i, 1);
      }
    };
  }

  void by_mincore(int fd, FileResidency& file) const {
    if (mincore_pretends(fd, file.size)) {
      ended(file, Outcome::kHidden);
      return;
    }
    std::vector<PageRange> ranges;
    if (!mincore_windows(fd, file.pages, stop_, range_taker(ranges))) {
      ended(file, Outcome::kFailed, errno);
      return;
    }
    file.method = Method::kMincore;
    for (const PageRange& range : ranges) file.counts.cached += range.pages;
    if (is_partial(file)) spread_over_cells(ranges, file);
    if (wanted_.ranges) file.ranges = std::move(ranges);
  }

  void spread_over_cells(const std::vector<PageRange>& ranges, FileResidency& file) const {
    uint64_t cells = cell_count(file);
    file.cells.assign(cells, 0);
    size_t at = 0;
    for (uint64_t i = 0; i < cells; ++i) {
      uint64_t first = file.pages * i / cells, end = file.pages * (i + 1) / cells;
      for (; at < ranges.size(); ++at) {
        const PageRange& range = ranges[at];
        uint64_t from = std::max(first, range.first);
        uint64_t to = std::min(end, range.first + range.pages);
        if (from < to) file.cells[i] += static_cast<double>(to - from);
        if (range.first + range.pages > end) break;
      }
    }
  }

  const ResidencyWanted& wanted_;
  const std::atomic<bool>& stop_;
  const Descriptor directory_;
  const std::string base_;
  uint64_t directory_type_ = 0;
  std::unordered_map<dev_t, uint64_t> file_systems_;
};

}  // namespace

std::vector<FileResidency> measure_residency(const std::vector<std::string>& paths,
                                             const ResidencyWanted& wanted,
                                             const std::atomic<bool>& stop,
                                             const std::string& directory) {
  Measurement measurement(wanted, stop, directory);
  std::vector<FileResidency> files;
  files.reserve(paths.size());
  for (const std::string& path : paths) files.push_back(measurement.of_name(path));
  return files;
}

}  // namespace memtrace
