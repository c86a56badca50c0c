#include "core/inode.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>

#include "core/cachestat.h"
#include "core/fd.h"
#include "core/system_error.h"

namespace memtrace {
namespace {

// enum fid_type of linux/exportfs.h, and what XFS adds to it for inode numbers of 64 bits.
constexpr int kInodeAndGeneration = 1;
constexpr int kXfs64Bits = 0x80;

// Does not wait for a lease's holder, and leaves the time of access alone.
constexpr int kOpenFlags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOATIME | O_NOCTTY | O_CLOEXEC;

struct InodeHandle {
  uint32_t bytes;
  int type;
  uint32_t words[3];
};

InodeHandle handle_of(uint64_t inode, uint32_t generation) {
  auto low = static_cast<uint32_t>(inode);
  auto high = static_cast<uint32_t>(inode >> 32);
  if (high == 0) return {8, kInodeAndGeneration, {low, generation, 0}};
  return {12, kInodeAndGeneration | kXfs64Bits, {low, high, generation}};
}

std::optional<uint64_t> dirty_pages(int fd) {
  CachestatRange whole{0, 0};
  Cachestat state{};
  if (cachestat(fd, whole, state) != 0) return std::nullopt;
  return state.dirty + state.writeback;
}

void require_file(int fd, const std::string& subject, uint64_t inode) {
  struct stat facts {};
  if (::fstat(fd, &facts) != 0) throw SystemError("inode.stat", subject, errno);
  if (!S_ISREG(facts.st_mode)) throw SystemError("inode.stat", subject, EINVAL);
  if (facts.st_ino != inode) throw SystemError("inode.stat", subject, ESTALE);
}

std::string path_of(int fd) {
  char target[PATH_MAX];
  std::string link = "/proc/self/fd/" + std::to_string(fd);
  ssize_t length = ::readlink(link.c_str(), target, sizeof(target));
  // One that is not connected to its directories is shown as the root.
  if (length <= 1 || target[0] != '/') return "";
  return {target, static_cast<size_t>(length)};
}

}  // namespace

InodeFacts look_at_inode(const std::string& mount, uint64_t inode, uint32_t generation) {
  Fd directory(::open(mount.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0) throw SystemError("inode.mount", mount, errno);
  InodeHandle handle = handle_of(inode, generation);
  // struct file_handle ends in an array without a length, which C++ does not have.
  Fd file(static_cast<int>(::syscall(SYS_open_by_handle_at, directory.get(), &handle, kOpenFlags)));
  if (file.get() < 0) throw SystemError("inode.open", mount, errno);
  require_file(file.get(), mount, inode);
  return {path_of(file.get()), dirty_pages(file.get())};
}

InodeFacts look_at_path(const std::string& path, uint64_t inode) {
  // Opening what is no regular file may do something.
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) != 0) throw SystemError("inode.stat", path, errno);
  if (!S_ISREG(facts.st_mode) || facts.st_ino != inode)
    throw SystemError("inode.stat", path, ESTALE);
  Fd file(::open(path.c_str(), kOpenFlags));
  if (file.get() < 0) throw SystemError("inode.open", path, errno);
  require_file(file.get(), path, inode);
  return {"", dirty_pages(file.get())};
}

}  // namespace memtrace
