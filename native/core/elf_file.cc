#include "core/elf_file.h"

#include <gelf.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unordered_set>

#include "core/elf_sections.h"
#include "core/linkage.h"
#include "core/system_error.h"

namespace memtrace {
namespace {

std::string hex(const uint8_t* bytes, size_t length) {
  static const char digits[] = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < length; ++i) {
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 15];
  }
  return text;
}

std::string build_id_of(Elf_Data* notes) {
  GElf_Nhdr note;
  size_t at = 0, name = 0, description = 0;
  while ((at = gelf_getnote(notes, at, &note, &name, &description)) > 0) {
    const auto* bytes = static_cast<const uint8_t*>(notes->d_buf);
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
        std::memcmp(bytes + name, "GNU", 4) == 0)
      return hex(bytes + description, note.n_descsz);
  }
  return "";
}

}  // namespace

UniqueFd::~UniqueFd() {
  if (fd_ >= 0) ::close(fd_);
}

ElfFile::Source ElfFile::open(int fd) {
  elf_version(EV_CURRENT);
  Source source{UniqueFd(::dup(fd)), nullptr};
  if (source.fd.get() < 0) throw SystemError("elf.open", std::to_string(fd), errno);
  source.elf.reset(elf_begin(source.fd.get(), ELF_C_READ_MMAP, nullptr));
  if (!source.elf || elf_kind(source.elf.get()) != ELF_K_ELF)
    throw SystemError("elf.open", std::to_string(fd), ENOEXEC,
                      elf_errmsg(-1) ? elf_errmsg(-1) : "");
  return source;
}

ElfFile::ElfFile(int fd) : source_(open(fd)) {
  read_headers();
  read_sections();
}

void ElfFile::read_headers() {
  Elf* elf = source_.elf.get();
  GElf_Ehdr header;
  if (!gelf_getehdr(elf, &header)) throw SystemError("elf.header", "", ENOEXEC);
  facts_.machine = header.e_machine;
  facts_.type = header.e_type;
  facts_.bits = gelf_getclass(elf) == ELFCLASS64 ? 64 : 32;
  size_t count = 0;
  if (elf_getphdrnum(elf, &count) != 0) return;
  for (size_t i = 0; i < count; ++i) {
    GElf_Phdr segment;
    if (!gelf_getphdr(elf, static_cast<int>(i), &segment)) continue;
    if (segment.p_type == PT_LOAD)
      facts_.segments.push_back(
          {segment.p_offset, segment.p_vaddr, segment.p_filesz, (segment.p_flags & PF_X) != 0});
    if (segment.p_type == PT_INTERP) {
      std::vector<uint8_t> path = bytes(segment.p_offset, segment.p_filesz);
      facts_.interpreter.assign(path.begin(), std::find(path.begin(), path.end(), 0));
    }
  }
}

void ElfFile::read_sections() {
  Elf* elf = source_.elf.get();
  each_section(elf, [&](Elf_Scn* section, const GElf_Shdr& header, const char* name) {
    facts_.sections.emplace_back(name);
    if (header.sh_type == SHT_SYMTAB) facts_.has_symtab = true;
    if (header.sh_type != SHT_NOBITS && std::strcmp(name, ".debug_info") == 0)
      facts_.has_debug_info = true;
    if (header.sh_type == SHT_NOTE && facts_.build_id.empty()) {
      if (Elf_Data* notes = elf_getdata(section, nullptr)) facts_.build_id = build_id_of(notes);
    }
    if (std::strcmp(name, ".gnu_debuglink") == 0) read_debug_link(elf_rawdata(section, nullptr));
    if (header.sh_type != SHT_DYNAMIC || header.sh_entsize == 0) return;
    Elf_Data* data = elf_getdata(section, nullptr);
    for (size_t i = 0; data && i < header.sh_size / header.sh_entsize; ++i) {
      GElf_Dyn entry;
      if (!gelf_getdyn(data, static_cast<int>(i), &entry) || entry.d_tag == DT_NULL) break;
      if (entry.d_tag != DT_NEEDED && entry.d_tag != DT_SONAME) continue;
      const char* text = elf_strptr(elf, header.sh_link, entry.d_un.d_val);
      if (!text) continue;
      if (entry.d_tag == DT_NEEDED)
        facts_.needed.emplace_back(text);
      else
        facts_.soname = text;
    }
  });
}

// A file name, and its checksum at the next multiple of four.
void ElfFile::read_debug_link(Elf_Data* data) {
  if (!data || !data->d_buf) return;
  const char* text = static_cast<const char*>(data->d_buf);
  facts_.debug_link.assign(text, strnlen(text, data->d_size));
  size_t at = (facts_.debug_link.size() + 4) & ~size_t{3};
  uint32_t crc = 0;
  if (at + sizeof(crc) > data->d_size) return;
  std::memcpy(&crc, text + at, sizeof(crc));
  facts_.debug_link_crc = crc;
}

std::optional<uint64_t> ElfFile::to_offset(uint64_t address) const {
  for (const Segment& segment : facts_.segments)
    if (address >= segment.address && address < segment.address + segment.file_size)
      return address - segment.address + segment.offset;
  return std::nullopt;
}

std::optional<uint64_t> ElfFile::to_address(uint64_t offset) const {
  const Segment* found = nullptr;
  // Segments may overlap in the file by a page: code is what is asked for.
  for (const Segment& segment : facts_.segments)
    if (offset >= segment.offset && offset < segment.offset + segment.file_size &&
        (!found || segment.executable))
      found = &segment;
  if (!found) return std::nullopt;
  return offset - found->offset + found->address;
}

std::vector<Function> ElfFile::functions(const std::vector<std::string>& names) const {
  std::unordered_set<std::string> wanted(names.begin(), names.end()), seen;
  std::vector<Function> found;
  for (uint32_t kind : {SHT_DYNSYM, SHT_SYMTAB})
    each_symbol(source_.elf.get(), kind, [&](const char* name, const GElf_Sym& symbol) {
      if (GELF_ST_TYPE(symbol.st_info) != STT_FUNC || wanted.count(name) == 0) return;
      auto offset = to_offset(symbol.st_value);
      if (offset && seen.insert(name).second) found.push_back({name, *offset, symbol.st_size});
    });
  return found;
}

bool ElfFile::is_code(uint64_t address) const {
  for (const Segment& segment : facts_.segments)
    if (segment.executable && address >= segment.address &&
        address < segment.address + segment.file_size)
      return true;
  return false;
}

std::optional<Function> ElfFile::covering(uint64_t offset) const {
  auto address = to_address(offset);
  if (!address) return std::nullopt;
  if (!symbols_) {
    symbols_.emplace();
    auto in_code = [this](uint64_t at) { return is_code(at); };
    symbols_->add(source_.elf.get(), in_code);
    for (const Source& debug : debug_) symbols_->add(debug.elf.get(), in_code);
  }
  auto symbol = symbols_->covering(*address);
  if (!symbol) return std::nullopt;
  auto start = to_offset(symbol->address);
  if (!start) return std::nullopt;
  return Function{symbol->name, *start, symbol->end - symbol->address};
}

std::optional<std::string> ElfFile::import_at(uint64_t offset) const {
  auto address = to_address(offset);
  if (!address) return std::nullopt;
  auto slot = linkage_slot(bytes(offset, 16), *address, facts_.machine);
  if (!slot) return std::nullopt;
  std::optional<std::string> name;
  each_section(source_.elf.get(), [&](Elf_Scn* section, const GElf_Shdr& header, const char*) {
    Elf_Data* data = header.sh_type == SHT_RELA ? elf_getdata(section, nullptr) : nullptr;
    for (size_t i = 0; data && header.sh_entsize && i < header.sh_size / header.sh_entsize; ++i) {
      GElf_Rela relocation;
      GElf_Sym symbol;
      GElf_Shdr symbols;
      if (!gelf_getrela(data, static_cast<int>(i), &relocation) || relocation.r_offset != *slot)
        continue;
      Elf_Scn* table = elf_getscn(source_.elf.get(), header.sh_link);
      if (!table || !gelf_getshdr(table, &symbols) ||
          !gelf_getsym(elf_getdata(table, nullptr), static_cast<int>(GELF_R_SYM(relocation.r_info)),
                       &symbol))
        continue;
      const char* text = elf_strptr(source_.elf.get(), symbols.sh_link, symbol.st_name);
      if (text && *text) name = text;
    }
  });
  return name;
}

void ElfFile::add_debug_file(int fd) {
  debug_.push_back(open(fd));
  symbols_.reset();
}

std::vector<uint8_t> ElfFile::bytes(uint64_t offset, size_t size) const {
  std::vector<uint8_t> read(size);
  ssize_t length = ::pread(source_.fd.get(), read.data(), size, static_cast<off_t>(offset));
  read.resize(length > 0 ? static_cast<size_t>(length) : 0);
  return read;
}

}  // namespace memtrace
