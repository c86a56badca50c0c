// One ELF file: its facts, its functions, and which function covers an offset. Offsets are file
// offsets in bytes unless a name says virtual.
#ifndef MEMTRACE_CORE_ELF_FILE_H_
#define MEMTRACE_CORE_ELF_FILE_H_

#include <libelf.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/symbol_table.h"

namespace memtrace {

struct ElfCloser {
  void operator()(Elf* elf) const noexcept { elf_end(elf); }
};

class UniqueFd {
 public:
  explicit UniqueFd(int fd = -1) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  UniqueFd& operator=(UniqueFd&&) = delete;
  ~UniqueFd();
  int get() const { return fd_; }

 private:
  int fd_;
};

struct Segment {
  uint64_t offset;
  uint64_t address;  // virtual
  uint64_t file_size;
  bool executable;
};

struct Function {
  std::string symbol;
  uint64_t offset;
  uint64_t size;
};

struct ElfFacts {
  uint16_t machine = 0;
  int bits = 0;
  uint16_t type = 0;
  std::string interpreter;
  std::string soname;
  std::vector<std::string> needed;
  std::vector<std::string> sections;
  std::string build_id;  // hex
  std::string debug_link;
  std::optional<uint32_t> debug_link_crc;  // of the whole separate file
  bool has_symtab = false;
  bool has_debug_info = false;
  std::vector<Segment> segments;
};

class ElfFile {
 public:
  // Duplicates fd. Throws SystemError: not an ELF file.
  explicit ElfFile(int fd);

  const ElfFacts& facts() const { return facts_; }
  std::vector<Function> functions(const std::vector<std::string>& names) const;
  // The function that covers an offset; `size` is how far it reaches.
  std::optional<Function> covering(uint64_t offset) const;
  // The name of the import that the jump at an offset goes to, where it goes through the linkage table.
  std::optional<std::string> import_at(uint64_t offset) const;
  void add_debug_file(int fd);
  // Up to `size` bytes of the file from an offset.
  std::vector<uint8_t> bytes(uint64_t offset, size_t size) const;
  std::optional<uint64_t> to_offset(uint64_t address) const;
  std::optional<uint64_t> to_address(uint64_t offset) const;

 private:
  struct Source {
    UniqueFd fd;
    std::unique_ptr<Elf, ElfCloser> elf;  // after fd: ended before it closes
  };

  static Source open(int fd);
  void read_headers();
  void read_sections();
  void read_debug_link(Elf_Data* data);
  bool is_code(uint64_t address) const;

  Source source_;
  std::vector<Source> debug_;
  ElfFacts facts_;
  mutable std::optional<SymbolTable> symbols_;  // after the files, whose names it points to
};

}  // namespace memtrace

#endif  // MEMTRACE_CORE_ELF_FILE_H_
