#include "core/line_table.h"

#include <dwarf.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/system_error.h"

namespace memtrace {
namespace {

// Deeper than any program nests its blocks.
constexpr int kMaxDepth = 512;

std::string function_name(Dwarf_Die* die) {
  Dwarf_Attribute attribute;
  for (unsigned name : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name, DW_AT_name})
    if (dwarf_attr_integrate(die, name, &attribute))
      if (const char* text = dwarf_formstring(&attribute)) return text;
  return "";
}

// Where an inlined function was called: a file's number in the unit's table, and a line.
Position call_site(Dwarf_Die* unit, Dwarf_Die* inlined) {
  Position position;
  Dwarf_Attribute attribute;
  Dwarf_Word number = 0, line = 0;
  if (dwarf_attr(inlined, DW_AT_call_line, &attribute) && dwarf_formudata(&attribute, &line) == 0)
    position.line = static_cast<int>(line);
  Dwarf_Files* files = nullptr;
  size_t count = 0;
  if (dwarf_attr(inlined, DW_AT_call_file, &attribute) &&
      dwarf_formudata(&attribute, &number) == 0 && dwarf_getsrcfiles(unit, &files, &count) == 0 &&
      number < count)
    if (const char* file = dwarf_filesrc(files, number, nullptr, nullptr)) position.file = file;
  return position;
}

Position line_at(Dwarf_Die* unit, Dwarf_Addr address) {
  Position position;
  if (Dwarf_Line* line = dwarf_getsrc_die(unit, address)) {
    if (const char* file = dwarf_linesrc(line, nullptr, nullptr)) position.file = file;
    dwarf_lineno(line, &position.line);
  }
  return position;
}

// What was inlined into an entry around an address, outermost first. dwarf_getscopes() follows an inlined function to where it
// was written, and loses those that were written in another unit (link-time optimization).
void add_inlined(Dwarf_Die* parent, Dwarf_Addr address, std::vector<Dwarf_Die>& chain,
                 int depth = 0) {
  Dwarf_Die child;
  if (depth == kMaxDepth || dwarf_child(parent, &child) != 0) return;
  do {
    switch (dwarf_tag(&child)) {
      case DW_TAG_inlined_subroutine:
      case DW_TAG_lexical_block:
      case DW_TAG_try_block:
      case DW_TAG_catch_block:
        if (dwarf_haspc(&child, address) != 1) break;
        if (dwarf_tag(&child) == DW_TAG_inlined_subroutine) chain.push_back(child);
        add_inlined(&child, address, chain, depth + 1);
        return;
      default:
        break;
    }
  } while (dwarf_siblingof(&child, &child) == 0);
}

}  // namespace

LineTable::LineTable(int fd, int debug_fd)
    : object_(fd), dwarf_fd_(::dup(debug_fd >= 0 ? debug_fd : fd)) {
  if (dwarf_fd_.get() < 0) throw SystemError("lines.open", std::to_string(fd), errno);
}

std::vector<std::vector<Position>> LineTable::positions(const std::vector<uint64_t>& offsets) {
  std::lock_guard<std::mutex> lock(busy_);
  // Here and not in the constructor, for it may decompress every section.
  if (!dwarf_) dwarf_.reset(dwarf_begin(dwarf_fd_.get(), DWARF_C_READ));
  std::vector<std::vector<Position>> found(offsets.size());
  for (size_t i = 0; dwarf_ && i < offsets.size(); ++i)
    if (auto address = object_.to_address(offsets[i])) found[i] = positions_at(*address);
  return found;
}

std::vector<Position> LineTable::positions_at(Dwarf_Addr address) {
  std::vector<Position> found;
  std::optional<Dwarf_Die> unit = unit_at(address);
  if (!unit) return found;
  Position position = line_at(&*unit, address);
  std::optional<Dwarf_Die> function = function_at(&*unit, address);
  if (!function) {
    if (position.line > 0) found.push_back(position);
    return found;
  }
  std::vector<Dwarf_Die> chain{*function};
  add_inlined(&*function, address, chain);
  for (auto each = chain.rbegin(); each != chain.rend(); ++each) {
    position.symbol = function_name(&*each);
    found.push_back(position);
    position = call_site(&*unit, &*each);
  }
  return found;
}

std::optional<Dwarf_Die> LineTable::unit_at(Dwarf_Addr address) {
  Dwarf_Die unit;
  if (dwarf_addrdie(dwarf_.get(), address, &unit)) return unit;
  // Some compilers write no .debug_aranges.
  if (!units_) {
    units_.emplace();
    Dwarf_CU* each = nullptr;
    while (dwarf_get_units(dwarf_.get(), each, &each, nullptr, nullptr, &unit, nullptr) == 0)
      add_ranges(&unit, *units_);
    sort(*units_);
  }
  return covering(*units_, address);
}

// Each unit is walked through once, not for each address.
std::optional<Dwarf_Die> LineTable::function_at(Dwarf_Die* unit, Dwarf_Addr address) {
  auto [known, is_new] = functions_.try_emplace(dwarf_dieoffset(unit));
  if (is_new) {
    add_functions(unit, known->second, 0);
    sort(known->second);
  }
  return covering(known->second, address);
}

void LineTable::add_ranges(Dwarf_Die* die, Ranges& ranges) {
  Dwarf_Addr base = 0, begin = 0, end = 0;
  for (ptrdiff_t at = 0; (at = dwarf_ranges(die, at, &base, &begin, &end)) > 0;)
    ranges.push_back({begin, end, *die});
}

// Functions lie in namespaces, in classes, and in the functions that hold those.
void LineTable::add_functions(Dwarf_Die* parent, Ranges& ranges, int depth) {
  Dwarf_Die child;
  if (depth == kMaxDepth || dwarf_child(parent, &child) != 0) return;
  do {
    int tag = dwarf_tag(&child);
    if (tag == DW_TAG_inlined_subroutine) continue;
    if (tag == DW_TAG_subprogram) add_ranges(&child, ranges);
    add_functions(&child, ranges, depth + 1);
  } while (dwarf_siblingof(&child, &child) == 0);
}

void LineTable::sort(Ranges& ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const Range& a, const Range& b) { return a.begin < b.begin; });
}

std::optional<Dwarf_Die> LineTable::covering(const Ranges& ranges, Dwarf_Addr address) {
  auto after = std::upper_bound(ranges.begin(), ranges.end(), address,
                                [](Dwarf_Addr a, const Range& range) { return a < range.begin; });
  if (after == ranges.begin() || address >= (after - 1)->end) return std::nullopt;
  return (after - 1)->die;
}

}  // namespace memtrace
