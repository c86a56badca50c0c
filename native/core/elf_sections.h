// Walks over the sections and the function symbols of an ELF file.
#ifndef MEMTRACE_CORE_ELF_SECTIONS_H_
#define MEMTRACE_CORE_ELF_SECTIONS_H_

#include <gelf.h>

namespace memtrace {

// visit(Elf_Scn*, const GElf_Shdr&, const char* name)
template <typename Visit>
void each_section(Elf* elf, Visit visit) {
  size_t names = 0;
  if (elf_getshdrstrndx(elf, &names) != 0) return;
  Elf_Scn* section = nullptr;
  while ((section = elf_nextscn(elf, section)) != nullptr) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr) continue;
    const char* name = elf_strptr(elf, names, header.sh_name);
    visit(section, header, name ? name : "");
  }
}

// visit(const char* name, const GElf_Sym&), for what is defined in tables of a kind, SHT_SYMTAB or SHT_DYNSYM.
template <typename Visit>
void each_symbol(Elf* elf, uint32_t kind, Visit visit) {
  each_section(elf, [&](Elf_Scn* section, const GElf_Shdr& header, const char*) {
    if (header.sh_type != kind || header.sh_entsize == 0) return;
    Elf_Data* data = elf_getdata(section, nullptr);
    if (!data) return;
    size_t count = header.sh_size / header.sh_entsize;
    for (size_t i = 0; i < count; ++i) {
      GElf_Sym symbol;
      if (!gelf_getsym(data, static_cast<int>(i), &symbol)) continue;
      if (symbol.st_shndx == SHN_UNDEF || symbol.st_value == 0) continue;
      const char* name = elf_strptr(elf, header.sh_link, symbol.st_name);
      if (name && *name) visit(name, symbol);
    }
  });
}

}  // namespace memtrace

#endif  // MEMTRACE_CORE_ELF_SECTIONS_H_
