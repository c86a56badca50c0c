// Small questions to BTF that libbpf has no call for.
#ifndef MEMTRACE_CORE_BTF_TYPES_H_
#define MEMTRACE_CORE_BTF_TYPES_H_

#include <bpf/btf.h>

#include <cstdint>
#include <string>

namespace memtrace {

// The type without qualifiers and typedefs, or null.
inline const btf_type* resolve(const btf* types, uint32_t id) {
  const btf_type* type = btf__type_by_id(types, id);
  while (type && (btf_is_mod(type) || btf_is_typedef(type)))
    type = btf__type_by_id(types, type->type);
  return type;
}

inline std::string name_of(const btf* types, uint32_t offset) {
  const char* name = btf__name_by_offset(types, offset);
  return name ? name : "";
}

}  // namespace memtrace

#endif  // MEMTRACE_CORE_BTF_TYPES_H_
