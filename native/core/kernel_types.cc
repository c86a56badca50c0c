#include "core/kernel_types.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include <memory>

#include "core/bpf_object.h"
#include "core/btf_types.h"

namespace memtrace {
namespace {

using UniqueBtf = std::unique_ptr<btf, decltype(&btf__free)>;

UniqueBtf kernel_types() {
  UniqueBtf types(btf__load_vmlinux_btf(), btf__free);
  take_libbpf_log();
  return types;
}

// Of a loaded module; null where there is none of the name, and before 5.11, when modules got BTF.
UniqueBtf module_types(const std::string& module, btf* kernel) {
  UniqueBtf types(btf__load_module_btf(module.c_str(), kernel), btf__free);
  take_libbpf_log();
  return types;
}

}  // namespace

bool has_helper(uint32_t helper) {
  int there =
      libbpf_probe_bpf_helper(BPF_PROG_TYPE_KPROBE, static_cast<bpf_func_id>(helper), nullptr);
  take_libbpf_log();
  return there == 1;
}

std::optional<std::vector<std::string>> kernel_tracepoint_arguments(const std::string& tracepoint) {
  UniqueBtf kernel = kernel_types();
  if (!kernel) return std::nullopt;
  const std::string name = "btf_trace_" + tracepoint;
  int id = btf__find_by_name_kind(kernel.get(), name.c_str(), BTF_KIND_TYPEDEF);
  UniqueBtf module(nullptr, btf__free);
  if (id < 0) {
    module = module_types(tracepoint.substr(0, tracepoint.find('_')), kernel.get());
    if (module) id = btf__find_by_name_kind(module.get(), name.c_str(), BTF_KIND_TYPEDEF);
  }
  const UniqueBtf& types = module ? module : kernel;
  const btf_type* type = id < 0 ? nullptr : resolve(types.get(), static_cast<uint32_t>(id));
  const btf_type* function = type ? resolve(types.get(), type->type) : nullptr;
  if (!function || !btf_is_func_proto(function)) return std::nullopt;
  std::vector<std::string> arguments;
  const struct btf_param* parameters = btf_params(function);
  // The first is the tracepoint's own context.
  for (int i = 1; i < btf_vlen(function); ++i) {
    const btf_type* argument = resolve(types.get(), parameters[i].type);
    const btf_type* pointed =
        argument && btf_is_ptr(argument) ? resolve(types.get(), argument->type) : nullptr;
    if (pointed && btf_is_struct(pointed))
      arguments.push_back("struct " + name_of(types.get(), pointed->name_off) + " *");
    else
      arguments.push_back(argument ? name_of(types.get(), argument->name_off) : "");
  }
  return arguments;
}

std::optional<uint32_t> kernel_member_offset(const std::string& name, const std::string& member) {
  UniqueBtf types = kernel_types();
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

std::map<std::string, uint32_t> kernel_function_parameters(const std::set<std::string>& functions) {
  std::map<std::string, uint32_t> found;
  UniqueBtf types = kernel_types();
  if (!types) return found;
  uint32_t count = btf__type_cnt(types.get());
  for (uint32_t id = 1; id < count && found.size() < functions.size(); ++id) {
    const btf_type* type = btf__type_by_id(types.get(), id);
    if (!btf_is_func(type)) continue;
    std::string name = name_of(types.get(), type->name_off);
    if (functions.count(name) == 0) continue;
    const btf_type* prototype = btf__type_by_id(types.get(), type->type);
    if (prototype && btf_is_func_proto(prototype)) found[name] = btf_vlen(prototype);
  }
  return found;
}

}  // namespace memtrace
