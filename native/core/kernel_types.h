// What the running kernel has, by its own BTF.
#ifndef MEMTRACE_CORE_KERNEL_TYPES_H_
#define MEMTRACE_CORE_KERNEL_TYPES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace memtrace {

// The offset in bytes of a member of a struct of the running kernel; nothing without kernel BTF.
std::optional<uint32_t> kernel_member_offset(const std::string& type, const std::string& member);

// Whether programs of type kprobe, which uprobes are, may call a helper.
bool has_helper(uint32_t helper);

// Types of a raw tracepoint's arguments, `struct NAME *` for pointers to structs, else the type's name
// or empty; nothing where neither the running kernel's BTF has it nor that of the loaded module that
// its name begins with, as modules name theirs.
std::optional<std::vector<std::string>> kernel_tracepoint_arguments(const std::string& tracepoint);

// How many parameters each of these functions has, as far as the kernel has them.
std::map<std::string, uint32_t> kernel_function_parameters(const std::set<std::string>& functions);

}  // namespace memtrace

#endif  // MEMTRACE_CORE_KERNEL_TYPES_H_
