// Files by their inode number: no path leads to a file that was closed and whose directories the
// kernel has forgotten.
#ifndef MEMTRACE_CORE_INODE_H_
#define MEMTRACE_CORE_INODE_H_

#include <cstdint>
#include <optional>
#include <string>

namespace memtrace {

struct InodeFacts {
  // As the kernel names it now; empty where it does not know a name.
  std::string path;
  // Pages, by cachestat(2); none before Linux 6.5.
  std::optional<uint64_t> dirty_pages;
};

// Looks at a regular file of the file system that is mounted at `mount`, without reading it. Throws
// SystemError: there is no such inode, it is no regular file, the file system has no handles of
// this kind, CAP_DAC_READ_SEARCH is missing.
InodeFacts look_at_inode(const std::string& mount, uint64_t inode, uint32_t generation);

// The same for a path, provided that it leads to the inode of this number; its path is left out.
InodeFacts look_at_path(const std::string& path, uint64_t inode);

}  // namespace memtrace

#endif  // MEMTRACE_CORE_INODE_H_
