#include "core/symbol_table.h"

#include <algorithm>
#include <cstring>

#include "core/elf_sections.h"

namespace memtrace {
namespace {

// Marks that assemblers leave in code: mapping symbols of ARM, and local labels.
bool is_mark(const char* name, int type) {
  return type == STT_NOTYPE && (*name == '$' || std::strncmp(name, ".L", 2) == 0);
}

// Of several names of one function, the one that people know: malloc, not __libc_malloc.
uint32_t rank_of(const char* name, const GElf_Sym& symbol) {
  uint32_t underscores = 0;
  bool is_mangled = name[0] == '_' && (name[1] == 'Z' || name[1] == 'R');
  while (!is_mangled && underscores < 7 && name[underscores] == '_') ++underscores;
  int binding = GELF_ST_BIND(symbol.st_info);
  uint32_t rank = GELF_ST_TYPE(symbol.st_info) == STT_NOTYPE ? 1 : 0;
  rank = rank << 1 | (symbol.st_size == 0 ? 1 : 0);
  rank = rank << 3 | underscores;
  rank = rank << 2 | (binding == STB_GLOBAL ? 0 : binding == STB_WEAK ? 1 : 2);
  return rank << 12 | static_cast<uint32_t>(std::min<size_t>(std::strlen(name), 0xfff));
}

}  // namespace

void SymbolTable::add(Elf* elf, const std::function<bool(uint64_t)>& is_code) {
  sorted_ = false;
  for (uint32_t kind : {SHT_SYMTAB, SHT_DYNSYM})
    each_symbol(elf, kind, [&](const char* name, const GElf_Sym& symbol) {
      int type = GELF_ST_TYPE(symbol.st_info);
      // Hand-written assembly is often untyped; data and section symbols never name code.
      if (type != STT_FUNC && type != STT_GNU_IFUNC && type != STT_NOTYPE) return;
      if (is_mark(name, type) || !is_code(symbol.st_value)) return;
      GElf_Shdr section;
      Elf_Scn* at = elf_getscn(elf, symbol.st_shndx);
      uint64_t limit = UINT64_MAX;
      if (at && gelf_getshdr(at, &section)) limit = section.sh_addr + section.sh_size;
      symbols_.push_back(
          {symbol.st_value, symbol.st_value + symbol.st_size, limit, name, rank_of(name, symbol)});
    });
}

void SymbolTable::sort() const {
  if (sorted_) return;
  sorted_ = true;
  std::stable_sort(symbols_.begin(), symbols_.end(), [](const Symbol& a, const Symbol& b) {
    return a.address != b.address ? a.address < b.address : a.rank < b.rank;
  });
  auto last = std::unique(symbols_.begin(), symbols_.end(),
                          [](const Symbol& a, const Symbol& b) { return a.address == b.address; });
  symbols_.erase(last, symbols_.end());
  cut_ranges();
}

void SymbolTable::cut_ranges() const {
  ranges_.clear();
  std::vector<uint32_t> open;  // functions around the cursor, outermost first
  uint64_t cursor = 0;
  auto reach = [&](uint64_t to, uint32_t symbol) {
    if (cursor < to) ranges_.push_back({cursor, to, symbol});
    cursor = std::max(cursor, to);
  };
  auto close_until = [&](uint64_t address) {
    for (; !open.empty() && symbols_[open.back()].end <= address; open.pop_back())
      reach(symbols_[open.back()].end, open.back());
  };
  for (uint32_t i = 0; i < symbols_.size(); ++i) {
    Symbol& symbol = symbols_[i];
    close_until(symbol.address);
    bool has_size = symbol.end > symbol.address;
    // A label inside of a function is not one.
    if (!has_size && !open.empty()) continue;
    if (!has_size)
      symbol.end =
          std::min(symbol.limit, i + 1 < symbols_.size() ? symbols_[i + 1].address : symbol.limit);
    if (!open.empty()) reach(symbol.address, open.back());
    cursor = symbol.address;
    open.push_back(i);
  }
  close_until(UINT64_MAX);
}

std::optional<CodeSymbol> SymbolTable::covering(uint64_t address) const {
  sort();
  auto after = std::upper_bound(ranges_.begin(), ranges_.end(), address,
                                [](uint64_t a, const Range& range) { return a < range.begin; });
  if (after == ranges_.begin() || address >= (after - 1)->end) return std::nullopt;
  const Symbol& symbol = symbols_[(after - 1)->symbol];
  // name@VERSION and name@@VERSION.
  std::string name(symbol.name);
  size_t version = name.find('@', 1);
  return CodeSymbol{version == std::string::npos ? name : name.substr(0, version), symbol.address,
                    symbol.end};
}

}  // namespace memtrace
