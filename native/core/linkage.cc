#include "core/linkage.h"

#include <elf.h>

#include <cstring>

namespace memtrace {
namespace {

template <typename T>
bool read_at(const std::vector<uint8_t>& code, size_t at, T& value) {
  if (at + sizeof(value) > code.size()) return false;
  std::memcpy(&value, code.data() + at, sizeof(value));
  return true;
}

// [endbr64] [bnd] jmp *displacement(%rip)
std::optional<uint64_t> x86_slot(const std::vector<uint8_t>& code, uint64_t address) {
  size_t at = 0;
  uint32_t first = 0;
  if (read_at(code, 0, first) && first == 0xfa1e0ff3) at = 4;
  if (at < code.size() && code[at] == 0xf2) ++at;
  uint16_t opcode = 0;
  int32_t displacement = 0;
  if (!read_at(code, at, opcode) || opcode != 0x25ff || !read_at(code, at + 2, displacement))
    return std::nullopt;
  return address + at + 6 + static_cast<int64_t>(displacement);
}

// [bti c] adrp x16, page; ldr x17, [x16, #offset]
std::optional<uint64_t> arm_slot(const std::vector<uint8_t>& code, uint64_t address) {
  size_t at = 0;
  uint32_t adrp = 0, load = 0;
  if (read_at(code, 0, adrp) && adrp == 0xd503245f) at = 4;
  if (!read_at(code, at, adrp) || !read_at(code, at + 4, load)) return std::nullopt;
  if ((adrp & 0x9f00001f) != 0x90000010 || (load & 0xffc003ff) != 0xf9400211) return std::nullopt;
  int64_t pages = ((adrp >> 5 & 0x7ffff) << 2) | (adrp >> 29 & 3);
  if (pages & (1 << 20)) pages -= 1 << 21;
  return ((address + at) & ~UINT64_C(0xfff)) + pages * 4096 + (load >> 10 & 0xfff) * 8;
}

}  // namespace

std::optional<uint64_t> linkage_slot(const std::vector<uint8_t>& code, uint64_t address,
                                     uint16_t machine) {
  return machine == EM_AARCH64 ? arm_slot(code, address) : x86_slot(code, address);
}

}  // namespace memtrace
