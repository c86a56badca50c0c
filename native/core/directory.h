// What is in a directory, without opening it.
#ifndef MEMTRACE_CORE_DIRECTORY_H_
#define MEMTRACE_CORE_DIRECTORY_H_

#include <cstdint>
#include <string>
#include <vector>

namespace memtrace {

struct Listing {
  int error = 0;  // errno of what could not be read; what was read before it is there
  std::vector<uint8_t>
      entries;         // names of files, directories and links to follow, each ended by a zero byte
  uint32_t links = 0;  // symbolic links that are not among them
  uint32_t special = 0;  // devices, FIFOs and sockets
};

Listing list_directory(const std::string& path, bool with_links);

}  // namespace memtrace

#endif  // MEMTRACE_CORE_DIRECTORY_H_
