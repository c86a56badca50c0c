// What is in a directory, without opening it.
#ifndef MEMTRACE_CORE_DIRECTORY_H_
#define MEMTRACE_CORE_DIRECTORY_H_

#include <cstdint>
#include <string>
#include <vector>

namespace memtrace {

struct Listing {
  // errno of what could not be read; what was read before it is there
  int error = 0;
  // names of regular files, each ended by a zero byte
  std::vector<uint8_t> files;
  // of directories, links to follow and what has no type yet
  std::vector<uint8_t> others;
  // symbolic links that are not among them
  uint32_t links = 0;
  // devices, FIFOs and sockets
  uint32_t special = 0;
};

Listing list_directory(const std::string& path, bool with_links);

}  // namespace memtrace

#endif  // MEMTRACE_CORE_DIRECTORY_H_
