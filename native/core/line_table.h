// Source positions of code addresses, from DWARF by libdw.
#ifndef MEMTRACE_CORE_LINE_TABLE_H_
#define MEMTRACE_CORE_LINE_TABLE_H_

#include <elfutils/libdw.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/elf_file.h"

namespace memtrace {

struct Position {
  std::string symbol;  // of the function, inlined or not; empty where unknown
  std::string file;
  int line = 0;
};

struct DwarfCloser {
  void operator()(Dwarf* dwarf) const noexcept { dwarf_end(dwarf); }
};

// May be asked by several threads, one after another.
class LineTable {
 public:
  // Both descriptors are duplicated; debug_fd is -1 where the object has its own DWARF. Throws SystemError.
  LineTable(int fd, int debug_fd);

  // For each file offset: innermost inlined function first, the function itself last; empty where nothing is known.
  std::vector<std::vector<Position>> positions(const std::vector<uint64_t>& offsets);

 private:
  // A stretch of code, and the entry of the unit or the function that it belongs to.
  struct Range {
    Dwarf_Addr begin;
    Dwarf_Addr end;
    Dwarf_Die die;
  };
  using Ranges = std::vector<Range>;  // sorted by begin

  static void add_ranges(Dwarf_Die* die, Ranges& ranges);
  static void add_functions(Dwarf_Die* parent, Ranges& ranges, int depth);
  static void sort(Ranges& ranges);
  static std::optional<Dwarf_Die> covering(const Ranges& ranges, Dwarf_Addr address);

  std::vector<Position> positions_at(Dwarf_Addr address);
  std::optional<Dwarf_Die> unit_at(Dwarf_Addr address);
  std::optional<Dwarf_Die> function_at(Dwarf_Die* unit, Dwarf_Addr address);

  std::mutex busy_;
  ElfFile object_;
  UniqueFd dwarf_fd_;
  std::unique_ptr<Dwarf, DwarfCloser> dwarf_;  // after dwarf_fd_; null where there is no DWARF
  std::optional<Ranges> units_;                // once they were asked for
  std::map<Dwarf_Off, Ranges> functions_;      // of each unit that was asked for
};

}  // namespace memtrace

#endif  // MEMTRACE_CORE_LINE_TABLE_H_
