#include "core/attach.h"

#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "core/system_error.h"

namespace memtrace {
namespace {

constexpr uint32_t kUprobeMultiType = 48;    // BPF_TRACE_UPROBE_MULTI, 6.6
constexpr uint32_t kUprobeSessionType = 57;  // BPF_TRACE_UPROBE_SESSION, 6.13
constexpr uint32_t kMultiReturn = 1;         // BPF_F_UPROBE_MULTI_RETURN

// bpf_attr.link_create with uprobe_multi, which older headers and libbpf do not have.
struct LinkCreateUprobeMulti {
  uint32_t prog_fd;
  uint32_t target_fd;
  uint32_t attach_type;
  uint32_t link_flags;
  uint64_t path;
  uint64_t offsets;
  uint64_t ref_ctr_offsets;
  uint64_t cookies;
  uint32_t count;
  uint32_t flags;
  uint32_t pid;
  uint32_t padding;
};
static_assert(sizeof(LinkCreateUprobeMulti) == 64, "UAPI of BPF_LINK_CREATE");

class FdLink final : public Link {
 public:
  explicit FdLink(int fd) : fd_(fd) {}
  ~FdLink() override { ::close(fd_); }
  bool slow() const override { return true; }

 private:
  int fd_;
};

class LibbpfLink final : public Link {
 public:
  LibbpfLink(bpf_link* link, bool slow) : link_(link), slow_(slow) {}
  ~LibbpfLink() override { bpf_link__destroy(link_); }
  bool slow() const override { return slow_; }

 private:
  bpf_link* link_;
  bool slow_;
};

uint64_t address_of(const void* pointer) { return reinterpret_cast<uint64_t>(pointer); }

UniqueLink attach_multi(bpf_program* program, const ProbeRequest& request) {
  LinkCreateUprobeMulti attr{};
  attr.prog_fd = static_cast<uint32_t>(bpf_program__fd(program));
  attr.attach_type =
      request.kind == LinkKind::kUprobeSession ? kUprobeSessionType : kUprobeMultiType;
  attr.path = address_of(request.path.c_str());
  attr.offsets = address_of(request.offsets.data());
  attr.cookies = request.cookies.empty() ? 0 : address_of(request.cookies.data());
  attr.count = static_cast<uint32_t>(request.offsets.size());
  attr.flags = request.at_return ? kMultiReturn : 0;
  attr.pid = static_cast<uint32_t>(request.pid);
  int fd = static_cast<int>(::syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr)));
  if (fd < 0) throw SystemError("uprobe.attach", request.path, errno);
  return std::make_unique<FdLink>(fd);
}

UniqueLink from_libbpf(bpf_link* link, const char* operation, const std::string& subject,
                       bool slow = false) {
  if (!link) throw SystemError(operation, subject, errno);
  return std::make_unique<LibbpfLink>(link, slow);
}

UniqueLink attach_perf(bpf_program* program, const ProbeRequest& request) {
  bpf_uprobe_opts options{};
  options.sz = sizeof(options);
  options.retprobe = request.at_return;
  options.bpf_cookie = request.cookies.empty() ? 0 : request.cookies.front();
  return from_libbpf(bpf_program__attach_uprobe_opts(program, request.pid, request.path.c_str(),
                                                     request.offsets.front(), &options),
                     "uprobe.attach", request.path, true);
}

}  // namespace

UniqueLink attach_program(bpf_program* program, const ProbeRequest& request) {
  switch (request.kind) {
    case LinkKind::kUprobeMulti:
    case LinkKind::kUprobeSession:
      return attach_multi(program, request);
    case LinkKind::kUprobePerf:
      return attach_perf(program, request);
    case LinkKind::kTracepoint:
      return from_libbpf(
          bpf_program__attach_tracepoint(program, request.category.c_str(), request.event.c_str()),
          "tracepoint.attach", request.category + ":" + request.event, true);
    case LinkKind::kRawTracepoint:
      return from_libbpf(bpf_program__attach_raw_tracepoint(program, request.event.c_str()),
                         "tracepoint.attach", request.event);
    case LinkKind::kTrace:
      return from_libbpf(bpf_program__attach_trace(program), "trace.attach", request.program);
    case LinkKind::kKprobe:
      return from_libbpf(
          bpf_program__attach_kprobe(program, request.at_return, request.function.c_str()),
          "kprobe.attach", request.function, true);
  }
  throw SystemError("attach", request.program, EINVAL);
}

}  // namespace memtrace
