#include "core/directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace memtrace {
namespace {

struct DirectoryCloser {
  void operator()(DIR* directory) const noexcept { closedir(directory); }
};

// Some file systems leave the type out.
unsigned char type_of(int directory, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) return entry.d_type;
  struct stat status {};
  if (fstatat(directory, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) return DT_UNKNOWN;
  return static_cast<unsigned char>(IFTODT(status.st_mode));
}

}  // namespace

Listing list_directory(const std::string& path, bool with_links) {
  Listing listing;
  int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC);
  std::unique_ptr<DIR, DirectoryCloser> directory(fd < 0 ? nullptr : fdopendir(fd));
  if (!directory) {
    listing.error = errno;
    if (fd >= 0) close(fd);
    return listing;
  }
  errno = 0;
  while (const dirent* entry = readdir(directory.get())) {
    const char* name = entry->d_name;
    if (std::strcmp(name, ".") == 0 || std::strcmp(name, "..") == 0) continue;
    unsigned char type = type_of(fd, *entry);
    if (type == DT_LNK && !with_links) {
      ++listing.links;
    } else if (type == DT_CHR || type == DT_BLK || type == DT_FIFO || type == DT_SOCK) {
      ++listing.special;
    } else {
      auto& names = type == DT_REG ? listing.files : listing.others;
      names.insert(names.end(), name, name + std::strlen(name) + 1);
    }
    errno = 0;
  }
  listing.error = errno;
  return listing;
}

}  // namespace memtrace
