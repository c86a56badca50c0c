#include "core/bpf_object.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <thread>

#include "core/btf_types.h"
#include "core/system_error.h"
#include "core/user_reads.h"

namespace memtrace {
namespace {

thread_local std::string libbpf_log;
constexpr size_t kLogLimit = 1 << 20;

int keep_message(libbpf_print_level level, const char* format, va_list arguments) {
  if (level == LIBBPF_DEBUG || libbpf_log.size() > kLogLimit) return 0;
  va_list again;
  va_copy(again, arguments);
  int length = std::vsnprintf(nullptr, 0, format, again);
  va_end(again);
  if (length <= 0) return 0;
  std::string message(static_cast<size_t>(length) + 1, '\0');
  std::vsnprintf(message.data(), message.size(), format, arguments);
  message.pop_back();
  libbpf_log += message;
  return length;
}

void check(int result, const char* operation, const std::string& subject) {
  if (result < 0) throw SystemError(operation, subject, errno, take_libbpf_log());
}

}  // namespace

void capture_libbpf_log() { libbpf_set_print(keep_message); }

std::string take_libbpf_log() {
  std::string log;
  log.swap(libbpf_log);
  return log;
}

BpfObject::BpfObject(const std::string& path) {
  take_libbpf_log();
  object_.reset(bpf_object__open_file(path.c_str(), nullptr));
  if (!object_) throw SystemError("object.open", path, errno, take_libbpf_log());
}

bpf_program* BpfObject::program(const std::string& name) const {
  bpf_program* found = bpf_object__find_program_by_name(object_.get(), name.c_str());
  if (!found) throw SystemError("object.program", name, ENOENT);
  return found;
}

bpf_map* BpfObject::map(const std::string& name) const {
  bpf_map* found = bpf_object__find_map_by_name(object_.get(), name.c_str());
  if (!found) throw SystemError("object.map", name, ENOENT);
  return found;
}

void BpfObject::set_constant(const std::string& variable, uint64_t value) {
  const btf* types = bpf_object__btf(object_.get());
  for (const char* section : {".rodata", ".data", ".bss"}) {
    int id = btf__find_by_name_kind(types, section, BTF_KIND_DATASEC);
    if (id < 0) continue;
    const btf_type* type = btf__type_by_id(types, static_cast<uint32_t>(id));
    const btf_var_secinfo* variables = btf_var_secinfos(type);
    for (int i = 0; i < btf_vlen(type); ++i) {
      const btf_type* var = btf__type_by_id(types, variables[i].type);
      if (name_of(types, var->name_off) != variable) continue;
      bpf_map* values = nullptr;
      bpf_object__for_each_map(values, object_.get()) {
        std::string name = bpf_map__name(values);
        if (name.size() < std::strlen(section) ||
            name.compare(name.size() - std::strlen(section), std::string::npos, section) != 0)
          continue;
        size_t size = 0;
        void* memory = const_cast<void*>(bpf_map__initial_value(values, &size));
        if (!memory || variables[i].offset + variables[i].size > size ||
            variables[i].size > sizeof(value))
          throw SystemError("object.constant", variable, ERANGE);
        std::memcpy(static_cast<char*>(memory) + variables[i].offset, &value, variables[i].size);
        return;
      }
    }
  }
  throw SystemError("object.constant", variable, ENOENT);
}

void BpfObject::set_max_entries(const std::string& name, uint32_t entries) {
  check(bpf_map__set_max_entries(map(name), entries), "map.resize", name);
}

void BpfObject::preallocate(const std::string& name) {
  check(bpf_map__set_map_flags(map(name), bpf_map__map_flags(map(name)) & ~BPF_F_NO_PREALLOC),
        "map.preallocate", name);
}

void BpfObject::choose_program(const std::string& name, bool load) {
  check(bpf_program__set_autoload(program(name), load), "program.choose", name);
}

void BpfObject::set_attach_type(const std::string& name, uint32_t type) {
  check(bpf_program__set_expected_attach_type(program(name), static_cast<bpf_attach_type>(type)),
        "program.attach-type", name);
}

void BpfObject::set_attach_target(const std::string& name, const std::string& function) {
  check(bpf_program__set_attach_target(program(name), 0, function.c_str()), "program.attach-target",
        name);
}

void BpfObject::load() {
  take_libbpf_log();
  UserReads user_reads(object_.get());
  int result = bpf_object__load(object_.get());
  if (result < 0)
    throw SystemError("object.load", bpf_object__name(object_.get()), -result, take_libbpf_log());
}

uint64_t BpfObject::attach(const ProbeRequest& request) {
  take_libbpf_log();
  UniqueLink link = attach_program(program(request.program), request);
  std::lock_guard<std::mutex> lock(links_mutex_);
  links_.emplace(next_link_, std::move(link));
  return next_link_++;
}

void BpfObject::detach(const std::vector<uint64_t>& links) {
  std::vector<UniqueLink> slow;
  {
    std::lock_guard<std::mutex> lock(links_mutex_);
    for (uint64_t id : links) {
      auto found = links_.find(id);
      if (found == links_.end()) continue;
      if (found->second->slow()) slow.push_back(std::move(found->second));
      links_.erase(found);
    }
  }
  // Each waits for grace periods of its own: side by side they share them.
  std::vector<std::thread> threads;
  for (UniqueLink& link : slow) threads.emplace_back([&link] { link.reset(); });
  for (std::thread& thread : threads) thread.join();
}

void BpfObject::detach_all() {
  std::vector<uint64_t> all;
  {
    std::lock_guard<std::mutex> lock(links_mutex_);
    for (const auto& entry : links_) all.push_back(entry.first);
  }
  detach(all);
}

int BpfObject::map_fd(const std::string& name) const { return bpf_map__fd(map(name)); }

Layout BpfObject::layout(const std::string& name) const {
  const btf* types = bpf_object__btf(object_.get());
  int id = btf__find_by_name_kind(types, name.c_str(), BTF_KIND_STRUCT);
  if (id < 0) throw SystemError("object.layout", name, ENOENT);
  const btf_type* type = btf__type_by_id(types, static_cast<uint32_t>(id));
  Layout layout{type->size, {}};
  const btf_member* members = btf_members(type);
  for (int i = 0; i < btf_vlen(type); ++i) {
    const btf_type* member = resolve(types, members[i].type);
    int64_t size = btf__resolve_size(types, members[i].type);
    uint32_t length = member && btf_is_array(member) ? btf_array(member)->nelems : 0;
    layout.fields.push_back({name_of(types, members[i].name_off),
                             btf_member_bit_offset(type, static_cast<uint32_t>(i)) / 8,
                             static_cast<uint32_t>(size), length});
  }
  return layout;
}

std::map<std::string, int64_t> BpfObject::enumerators(const std::string& name) const {
  const btf* types = bpf_object__btf(object_.get());
  int id = btf__find_by_name_kind(types, name.c_str(), BTF_KIND_ENUM);
  if (id < 0) throw SystemError("object.enum", name, ENOENT);
  const btf_type* type = btf__type_by_id(types, static_cast<uint32_t>(id));
  std::map<std::string, int64_t> values;
  const struct btf_enum* each = btf_enum(type);
  for (int i = 0; i < btf_vlen(type); ++i) values[name_of(types, each[i].name_off)] = each[i].val;
  return values;
}

uint64_t BpfObject::kernel_memory() const {
  uint64_t total = 0;
  bpf_map* each = nullptr;
  bpf_object__for_each_map(each, object_.get()) {
    std::ifstream facts("/proc/self/fdinfo/" + std::to_string(bpf_map__fd(each)));
    std::string word;
    while (facts >> word)
      if (word == "memlock:") {
        uint64_t bytes = 0;
        facts >> bytes;
        total += bytes;
      }
  }
  return total;
}

std::vector<ProgramFacts> BpfObject::programs() const {
  // bpf_prog_info grew these fields after the headers at hand: read them by their offsets.
  constexpr size_t kRecursionMisses = 208, kVerifiedInstructions = 216;
  std::vector<ProgramFacts> all;
  bpf_program* each = nullptr;
  bpf_object__for_each_program(each, object_.get()) {
    int fd = bpf_program__fd(each);
    if (fd < 0) continue;
    alignas(8) unsigned char info[256] = {};
    uint32_t length = sizeof(info);
    if (bpf_obj_get_info_by_fd(fd, info, &length) < 0) continue;
    ProgramFacts facts{bpf_program__name(each), 0, 0};
    std::memcpy(&facts.recursion_misses, info + kRecursionMisses, sizeof(uint64_t));
    std::memcpy(&facts.verified_instructions, info + kVerifiedInstructions, sizeof(uint32_t));
    all.push_back(facts);
  }
  return all;
}

std::vector<std::string> BpfObject::program_names() const {
  std::vector<std::string> names;
  bpf_program* each = nullptr;
  bpf_object__for_each_program(each, object_.get()) names.push_back(bpf_program__name(each));
  return names;
}

}  // namespace memtrace
