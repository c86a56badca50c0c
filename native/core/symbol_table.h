// Which function covers an address: a sorted table over the symbols of an object and of its separate debug file.
#ifndef MEMTRACE_CORE_SYMBOL_TABLE_H_
#define MEMTRACE_CORE_SYMBOL_TABLE_H_

#include <libelf.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace memtrace {

struct CodeSymbol {
  std::string name;  // without its version
  uint64_t address;  // virtual
  uint64_t end;      // where it ends; where it has no size, how far it reaches
};

class SymbolTable {
 public:
  // Takes the names from `elf`, which must stay open, for addresses where `is_code` holds.
  void add(Elf* elf, const std::function<bool(uint64_t)>& is_code);
  std::optional<CodeSymbol> covering(uint64_t address) const;

 private:
  struct Symbol {
    uint64_t address;
    uint64_t end;    // of itself; `address` where it has no size
    uint64_t limit;  // of its section
    const char* name;
    uint32_t rank;  // the better of two at one address has the lower
  };
  // The part of a function that no function inside it covers.
  struct Range {
    uint64_t begin;
    uint64_t end;
    uint32_t symbol;
  };

  void sort() const;
  void cut_ranges() const;

  mutable std::vector<Symbol> symbols_;
  mutable std::vector<Range> ranges_;
  mutable bool sorted_ = false;
};

}  // namespace memtrace

#endif  // MEMTRACE_CORE_SYMBOL_TABLE_H_
