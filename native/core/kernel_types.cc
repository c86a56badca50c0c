#include "core/kernel_types.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include <memory>

#include "core/bpf_object.h"
#include "core/btf_types.h"

namespace memtrace {
namespace {

using UniqueBtf = std::unique_ptr<btf, decltype(&btf__free)>;

UniqueBtf kernel_types(const std::string& file) {
  UniqueBtf types(file.empty() ? btf__load_vmlinux_btf() : btf__parse(file.c_str(), nullptr),
                  btf__free);
  take_libbpf_log();
  return types;
}

// Of a loaded module; null where there is none of the name, and before 5.11, when modules got BTF.
UniqueBtf module_types(const std::string& module, btf* kernel) {
  UniqueBtf types(btf__load_module_btf(module.c_str(), kernel), btf__free);
  take_libbpf_log();
  return types;
}

// From the parameter at `first` on: `struct NAME *` for pointers to structs, else the type's name or empty.
std::vector<std::string> parameter_types(const btf* types, const btf_type* function, int first) {
  std::vector<std::string> names;
  const struct btf_param* parameters = btf_params(function);
  for (int i = first; i < btf_vlen(function); ++i) {
    const btf_type* type = resolve(types, parameters[i].type);
    const btf_type* pointed = type && btf_is_ptr(type) ? resolve(types, type->type) : nullptr;
    if (pointed && btf_is_struct(pointed))
      names.push_back("struct " + name_of(types, pointed->name_off) + " *");
    else
      names.push_back(type ? name_of(types, type->name_off) : "");
  }
  return names;
}

}  // namespace

bool has_helper(uint32_t helper) {
  int there =
      libbpf_probe_bpf_helper(BPF_PROG_TYPE_KPROBE, static_cast<bpf_func_id>(helper), nullptr);
  take_libbpf_log();
  return there == 1;
}

std::optional<std::vector<std::string>> kernel_tracepoint_arguments(const std::string& tracepoint,
                                                                    const std::string& file) {
  UniqueBtf kernel = kernel_types(file);
  if (!kernel) return std::nullopt;
  const std::string name = "btf_trace_" + tracepoint;
  int id = btf__find_by_name_kind(kernel.get(), name.c_str(), BTF_KIND_TYPEDEF);
  UniqueBtf module(nullptr, btf__free);
  if (id < 0 && file.empty()) {
    module = module_types(tracepoint.substr(0, tracepoint.find('_')), kernel.get());
    if (module) id = btf__find_by_name_kind(module.get(), name.c_str(), BTF_KIND_TYPEDEF);
  }
  const UniqueBtf& types = module ? module : kernel;
  const btf_type* type = id < 0 ? nullptr : resolve(types.get(), static_cast<uint32_t>(id));
  const btf_type* function = type ? resolve(types.get(), type->type) : nullptr;
  if (!function || !btf_is_func_proto(function)) return std::nullopt;
  // The first is the tracepoint's own context.
  return parameter_types(types.get(), function, 1);
}

std::optional<uint32_t> kernel_member_offset(const std::string& name, const std::string& member,
                                             const std::string& file) {
  UniqueBtf types = kernel_types(file);
  if (!types) return std::nullopt;
  int id = btf__find_by_name_kind(types.get(), name.c_str(), BTF_KIND_STRUCT);
  if (id < 0) return std::nullopt;
  const btf_type* type = btf__type_by_id(types.get(), static_cast<uint32_t>(id));
  const btf_member* members = btf_members(type);
  for (int i = 0; i < btf_vlen(type); ++i)
    if (name_of(types.get(), members[i].name_off) == member)
      return btf_member_bit_offset(type, static_cast<uint32_t>(i)) / 8;
  return std::nullopt;
}

std::map<std::string, std::vector<std::string>> kernel_function_parameters(
    const std::set<std::string>& functions, const std::string& file) {
  std::map<std::string, std::vector<std::string>> found;
  UniqueBtf types = kernel_types(file);
  if (!types) return found;
  uint32_t count = btf__type_cnt(types.get());
  for (uint32_t id = 1; id < count && found.size() < functions.size(); ++id) {
    const btf_type* type = btf__type_by_id(types.get(), id);
    if (!btf_is_func(type)) continue;
    std::string name = name_of(types.get(), type->name_off);
    if (functions.count(name) == 0) continue;
    const btf_type* prototype = btf__type_by_id(types.get(), type->type);
    if (prototype && btf_is_func_proto(prototype))
      found[name] = parameter_types(types.get(), prototype, 0);
  }
  return found;
}

}  // namespace memtrace
