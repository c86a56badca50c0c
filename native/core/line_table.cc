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

bool is_function(Dwarf_Die* die) {
  int tag = dwarf_tag(die);
  return tag == DW_TAG_inlined_subroutine || tag == DW_TAG_subprogram;
}

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

// The functions below an entry whose code covers an address, innermost first. dwarf_getscopes()
// finds none in namespaces, and none that were written in another unit (link-time optimization).
bool functions_at(Dwarf_Die* parent, Dwarf_Addr address, std::vector<Dwarf_Die>& functions,
                  int depth = 0) {
  Dwarf_Die child;
  if (depth == kMaxDepth || dwarf_child(parent, &child) != 0) return false;
  do {
    switch (dwarf_tag(&child)) {
      case DW_TAG_subprogram:
      case DW_TAG_inlined_subroutine:
      case DW_TAG_lexical_block:
      case DW_TAG_try_block:
      case DW_TAG_catch_block:
        if (dwarf_haspc(&child, address) != 1) break;
        functions_at(&child, address, functions, depth + 1);
        if (is_function(&child)) functions.push_back(child);
        return true;
      // They hold functions and have no code of their own.
      case DW_TAG_namespace:
      case DW_TAG_module:
      case DW_TAG_class_type:
      case DW_TAG_structure_type:
      case DW_TAG_union_type:
      case DW_TAG_enumeration_type:
        if (functions_at(&child, address, functions, depth + 1)) return true;
        break;
      default:
        break;
    }
  } while (dwarf_siblingof(&child, &child) == 0);
  return false;
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
  std::vector<Dwarf_Die> functions;
  functions_at(&*unit, address, functions);
  for (Dwarf_Die& function : functions) {
    position.symbol = function_name(&function);
    found.push_back(position);
    if (dwarf_tag(&function) == DW_TAG_subprogram) return found;
    position = call_site(&*unit, &function);
  }
  if (found.empty() && position.line > 0) found.push_back(position);
  return found;
}

std::optional<Dwarf_Die> LineTable::unit_at(Dwarf_Addr address) {
  Dwarf_Die unit;
  if (dwarf_addrdie(dwarf_.get(), address, &unit)) return unit;
  // Some compilers write no .debug_aranges.
  index_units();
  auto after =
      std::upper_bound(units_.begin(), units_.end(), address,
                       [](Dwarf_Addr a, const UnitRange& range) { return a < range.begin; });
  if (after == units_.begin() || address >= (after - 1)->end) return std::nullopt;
  return (after - 1)->unit;
}

void LineTable::index_units() {
  if (indexed_) return;
  indexed_ = true;
  Dwarf_CU* each = nullptr;
  Dwarf_Die unit;
  while (dwarf_get_units(dwarf_.get(), each, &each, nullptr, nullptr, &unit, nullptr) == 0) {
    Dwarf_Addr base = 0, begin = 0, end = 0;
    for (ptrdiff_t at = 0; (at = dwarf_ranges(&unit, at, &base, &begin, &end)) > 0;)
      units_.push_back({begin, end, unit});
  }
  std::sort(units_.begin(), units_.end(),
            [](const UnitRange& a, const UnitRange& b) { return a.begin < b.begin; });
}

}  // namespace memtrace
