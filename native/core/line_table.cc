#include "core/line_table.h"

#include <dwarf.h>
#include <unistd.h>

#include <cstdlib>

#include "core/system_error.h"

namespace memtrace {
namespace {

struct ScopesFree {
  void operator()(Dwarf_Die* scopes) const noexcept { std::free(scopes); }
};

std::string function_name(Dwarf_Die* die) {
  Dwarf_Attribute attribute;
  for (unsigned name : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name, DW_AT_name})
    if (dwarf_attr_integrate(die, name, &attribute))
      if (const char* text = dwarf_formstring(&attribute)) return text;
  return "";
}

// Where an inlined function was called: a file's number in the unit's table, and a line.
void take_call_site(Dwarf_Die* unit, Dwarf_Die* inlined, Position& position) {
  Dwarf_Attribute attribute;
  Dwarf_Word number = 0, line = 0;
  position.file.clear();
  position.line = 0;
  if (dwarf_attr(inlined, DW_AT_call_line, &attribute) &&
      dwarf_formudata(&attribute, &line) == 0)
    position.line = static_cast<int>(line);
  Dwarf_Files* files = nullptr;
  size_t count = 0;
  if (dwarf_attr(inlined, DW_AT_call_file, &attribute) &&
      dwarf_formudata(&attribute, &number) == 0 && dwarf_getsrcfiles(unit, &files, &count) == 0 &&
      number < count)
    if (const char* file = dwarf_filesrc(files, number, nullptr, nullptr)) position.file = file;
}

}  // namespace

LineTable::LineTable(int fd, int debug_fd)
    : object_(fd), dwarf_fd_(::dup(debug_fd >= 0 ? debug_fd : fd)) {
  if (dwarf_fd_.get() < 0) throw SystemError("lines.open", std::to_string(fd), errno);
  dwarf_.reset(dwarf_begin(dwarf_fd_.get(), DWARF_C_READ));
}

std::vector<Position> LineTable::positions(uint64_t offset) const {
  std::vector<Position> found;
  auto address = object_.to_address(offset);
  if (!dwarf_ || !address) return found;
  Dwarf_Die unit;
  if (!dwarf_addrdie(dwarf_.get(), *address, &unit)) {
    // No .debug_aranges: each unit is asked.
    Dwarf_CU* each = nullptr;
    bool inside = false;
    while (!inside && dwarf_get_units(dwarf_.get(), each, &each, nullptr, nullptr, &unit,
                                      nullptr) == 0)
      inside = dwarf_haspc(&unit, *address) > 0;
    if (!inside) return found;
  }
  Position position;
  if (Dwarf_Line* line = dwarf_getsrc_die(&unit, *address)) {
    const char* file = dwarf_linesrc(line, nullptr, nullptr);
    if (file) position.file = file;
    dwarf_lineno(line, &position.line);
  }
  Dwarf_Die* scopes = nullptr;
  int count = dwarf_getscopes(&unit, *address, &scopes);
  std::unique_ptr<Dwarf_Die, ScopesFree> owner(scopes);
  for (int i = 0; i < count; ++i) {
    int tag = dwarf_tag(&scopes[i]);
    if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram) continue;
    position.symbol = function_name(&scopes[i]);
    found.push_back(position);
    if (tag == DW_TAG_subprogram) return found;
    take_call_site(&unit, &scopes[i], position);
    // dwarf_getscopes() follows an inlined function to where it was written: its callers are asked for.
    Dwarf_Die* callers = nullptr;
    int more = dwarf_getscopes_die(&scopes[i], &callers);
    std::unique_ptr<Dwarf_Die, ScopesFree> callers_owner(callers);
    for (int j = 1; j < more; ++j) {
      int caller = dwarf_tag(&callers[j]);
      if (caller != DW_TAG_inlined_subroutine && caller != DW_TAG_subprogram) continue;
      position.symbol = function_name(&callers[j]);
      found.push_back(position);
      if (caller == DW_TAG_subprogram) return found;
      take_call_site(&unit, &callers[j], position);
    }
    return found;
  }
  if (found.empty() && position.line > 0) found.push_back(position);
  return found;
}

}  // namespace memtrace
