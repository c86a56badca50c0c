// What a kernel has, by its BTF: the running one, or the one that `file` is from where it is not empty.
#ifndef MEMTRACE_CORE_KERNEL_TYPES_H_
#define MEMTRACE_CORE_KERNEL_TYPES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace memtrace {

// The offset in bytes of a member of a struct; nothing without BTF.
std::optional<uint32_t> kernel_member_offset(const std::string& type, const std::string& member,
                                             const std::string& file);

// Whether programs of type kprobe, which uprobes are, may call a helper.
bool has_helper(uint32_t helper);

// Types of a raw tracepoint's arguments, `struct NAME *` for pointers to structs, else the type's name
// or empty; nothing where neither the kernel's BTF has it nor, of the running kernel, that of the loaded
// module that its name begins with, as modules name theirs.
std::optional<std::vector<std::string>> kernel_tracepoint_arguments(const std::string& tracepoint,
                                                                    const std::string& file);

// Types of the parameters of each of these functions, as above, as far as the kernel has them.
std::map<std::string, std::vector<std::string>> kernel_function_parameters(
    const std::set<std::string>& functions, const std::string& file);

}  // namespace memtrace

#endif  // MEMTRACE_CORE_KERNEL_TYPES_H_
