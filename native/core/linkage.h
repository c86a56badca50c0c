// Entries of the procedure linkage table: jumps through a slot that the dynamic linker fills.
#ifndef MEMTRACE_CORE_LINKAGE_H_
#define MEMTRACE_CORE_LINKAGE_H_

#include <cstdint>
#include <optional>
#include <vector>

namespace memtrace {

// The address of the slot, where `code`, which lies at `address`, begins with such a jump.
std::optional<uint64_t> linkage_slot(const std::vector<uint8_t>& code, uint64_t address,
                                     uint16_t machine);

}  // namespace memtrace

#endif  // MEMTRACE_CORE_LINKAGE_H_
