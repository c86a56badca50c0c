#include "core/frame_pointer.h"

#include <elf.h>

#include <cstring>

namespace memtrace {
namespace {

// push rbp, and later mov rbp, rsp in either encoding; or enter.
bool x86_keeps(const std::vector<uint8_t>& code) {
  bool pushed = false;
  for (size_t i = 0; i < code.size(); ++i) {
    if (code[i] == 0x55) pushed = true;
    if (!pushed || i + 3 > code.size() || code[i] != 0x48) continue;
    if ((code[i + 1] == 0x89 && code[i + 2] == 0xe5) ||
        (code[i + 1] == 0x8b && code[i + 2] == 0xec))
      return true;
  }
  return code.size() >= 4 && code[0] == 0xc8 && code[3] == 0;
}

// mov x29, sp, or add x29, sp, #offset.
bool arm_keeps(const std::vector<uint8_t>& code) {
  for (size_t i = 0; i + 4 <= code.size(); i += 4) {
    uint32_t word = 0;
    std::memcpy(&word, code.data() + i, sizeof(word));
    if ((word & 0xff8003ff) == 0x910003fd) return true;
  }
  return false;
}

}  // namespace

std::optional<bool> keeps_frame_pointer(const std::vector<uint8_t>& code, uint16_t machine) {
  if (machine == EM_X86_64) return x86_keeps(code);
  if (machine == EM_AARCH64) return arm_keeps(code);
  return std::nullopt;
}

}  // namespace memtrace
