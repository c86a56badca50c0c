// Links of programs to where they run.
#ifndef MEMTRACE_CORE_ATTACH_H_
#define MEMTRACE_CORE_ATTACH_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

struct bpf_link;
struct bpf_program;

namespace memtrace {

enum class LinkKind {
  kUprobeMulti,
  kUprobeSession,
  kUprobePerf,
  kTracepoint,
  kRawTracepoint,
  kTrace,  // fentry, fexit, BTF tracepoints: where, its section says
  kKprobe,
};

struct ProbeRequest {
  LinkKind kind = LinkKind::kUprobeMulti;
  std::string program;
  std::string path;               // uprobes: the object file
  std::vector<uint64_t> offsets;  // uprobes: file offsets in bytes; one for perf
  std::vector<uint64_t> cookies;  // uprobes: as many as offsets, or none
  int pid = 0;                    // uprobes: whose process
  bool at_return = false;         // uprobes, kprobes
  std::string function;           // kprobes
  std::string category;           // tracepoint
  std::string event;              // tracepoint, raw tracepoint
};

// One attachment, whatever the kernel calls it; detached when it goes.
class Link {
 public:
  virtual ~Link() = default;
  // True where detaching waits for a grace period of its own.
  virtual bool slow() const { return false; }
};

using UniqueLink = std::unique_ptr<Link>;

// Throws SystemError.
UniqueLink attach_program(bpf_program* program, const ProbeRequest& request);

}  // namespace memtrace

#endif  // MEMTRACE_CORE_ATTACH_H_
