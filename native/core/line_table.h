// Source positions of code addresses, from DWARF by libdw.
#ifndef MEMTRACE_CORE_LINE_TABLE_H_
#define MEMTRACE_CORE_LINE_TABLE_H_

#include <elfutils/libdw.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/elf_file.h"

namespace memtrace {

struct Position {
  std::string symbol;  // of the inlined function; empty where unknown
  std::string file;
  int line = 0;
};

struct DwarfCloser {
  void operator()(Dwarf* dwarf) const noexcept { dwarf_end(dwarf); }
};

class LineTable {
 public:
  // Both descriptors are duplicated; debug_fd is -1 where the object has its own DWARF. Throws SystemError.
  LineTable(int fd, int debug_fd);

  // Innermost inlined function first, the function itself last; empty where nothing is known.
  std::vector<Position> positions(uint64_t offset) const;

 private:
  ElfFile object_;
  UniqueFd dwarf_fd_;
  std::unique_ptr<Dwarf, DwarfCloser> dwarf_;  // after dwarf_fd_; null where there is no DWARF
};

}  // namespace memtrace

#endif  // MEMTRACE_CORE_LINE_TABLE_H_
