// A BPF object file: opened, configured, loaded, attached, read. Generic: what the programs and
// maps mean is decided by the caller.
#ifndef MEMTRACE_CORE_BPF_OBJECT_H_
#define MEMTRACE_CORE_BPF_OBJECT_H_

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/attach.h"

namespace memtrace {

struct ObjectCloser {
  void operator()(bpf_object* object) const noexcept { bpf_object__close(object); }
};

struct Field {
  std::string name;
  uint32_t offset;  // bytes from the start of the struct
  uint32_t size;    // bytes, the whole of an array
  uint32_t length;  // elements of an array, 0 for a scalar
};

struct Layout {
  uint32_t size;
  std::vector<Field> fields;
};

struct ProgramFacts {
  std::string name;
  uint32_t verified_instructions;
  uint64_t recursion_misses;
};

// Entries of a map as the kernel holds them: keys and values packed one after the other. A per-CPU
// value is all CPUs' values, each rounded up to 8 bytes.
struct Entries {
  uint64_t length = 0;
  uint32_t key_size = 0;
  uint32_t value_size = 0;
  std::vector<uint8_t> keys;
  std::vector<uint8_t> values;
};

class BpfObject {
 public:
  // Throws SystemError: the file is missing or is no BPF object.
  explicit BpfObject(const std::string& path);
  BpfObject(const BpfObject&) = delete;
  BpfObject& operator=(const BpfObject&) = delete;

  // Before load().
  void set_constant(const std::string& variable, uint64_t value);
  void set_max_entries(const std::string& map, uint32_t entries);
  // Takes the memory of all entries at once: for programs that run where allocating is not safe.
  void preallocate(const std::string& map);
  void choose_program(const std::string& program, bool load);
  void set_attach_type(const std::string& program, uint32_t type);
  // The kernel function that a fentry or fexit program is for, instead of the one in its section's name.
  void set_attach_target(const std::string& program, const std::string& function);

  // Throws SystemError with libbpf's and the verifier's words in its log.
  void load();

  uint64_t attach(const ProbeRequest& request);
  // Detaches at once those links that can, the others side by side.
  void detach(const std::vector<uint64_t>& links);
  void detach_all();

  // Runs an iterator program to its end; what it wrote. `over`: the map whose elements it goes through, if any.
  std::vector<uint8_t> iterate(const std::string& program, const std::string& over) const;
  // Runs a syscall program once; what it returned.
  uint32_t run(const std::string& program) const;

  Entries read(const std::string& map) const;
  // Removes these keys, packed one after the other; what was there, as it was at its end.
  Entries take(const std::string& map, const std::vector<uint8_t>& keys);
  std::optional<std::vector<uint8_t>> lookup(const std::string& map,
                                             const std::vector<uint8_t>& key) const;
  void update(const std::string& map, const std::vector<uint8_t>& key,
              const std::vector<uint8_t>& value);
  bool remove(const std::string& map, const std::vector<uint8_t>& key);
  int map_fd(const std::string& map) const;

  Layout layout(const std::string& type) const;
  std::map<std::string, int64_t> enumerators(const std::string& type) const;
  // Bytes of kernel memory that the maps hold now, by /proc/self/fdinfo.
  uint64_t kernel_memory() const;
  std::vector<ProgramFacts> programs() const;
  // Of all programs in the file, loaded or not.
  std::vector<std::string> program_names() const;

 private:
  bpf_program* program(const std::string& name) const;
  bpf_map* map(const std::string& name) const;

  std::unique_ptr<bpf_object, ObjectCloser> object_;
  std::mutex links_mutex_;
  std::map<uint64_t, UniqueLink> links_;  // after object_: detached before it closes
  uint64_t next_link_ = 1;
};

// Sends libbpf's messages to a buffer of the calling thread instead of stderr.
void capture_libbpf_log();
std::string take_libbpf_log();

}  // namespace memtrace

#endif  // MEMTRACE_CORE_BPF_OBJECT_H_
