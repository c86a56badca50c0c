// Whether a function keeps a frame pointer, by its code.
#ifndef MEMTRACE_CORE_FRAME_POINTER_H_
#define MEMTRACE_CORE_FRAME_POINTER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace memtrace {

// How much of a function is worth reading: a prologue may come after an early return.
constexpr size_t kPrologueBytes = 192;

// `code` is the function's beginning, and no more than the function; nothing where the machine is not known.
std::optional<bool> keeps_frame_pointer(const std::vector<uint8_t>& code, uint16_t machine);

}  // namespace memtrace

#endif  // MEMTRACE_CORE_FRAME_POINTER_H_
