// Programs that user space runs: iterators and syscall programs.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <unistd.h>

#include <cerrno>

#include "core/bpf_object.h"
#include "core/fd.h"
#include "core/system_error.h"

namespace memtrace {
namespace {

struct LinkCloser {
  void operator()(bpf_link* link) const noexcept { bpf_link__destroy(link); }
};

}  // namespace

std::vector<uint8_t> BpfObject::iterate(const std::string& name, const std::string& over) const {
  bpf_iter_link_info info{};
  bpf_iter_attach_opts options{};
  options.sz = sizeof(options);
  if (!over.empty()) {
    info.map.map_fd = static_cast<__u32>(map_fd(over));
    options.link_info = &info;
    options.link_info_len = sizeof(info);
  }
  std::unique_ptr<bpf_link, LinkCloser> link(bpf_program__attach_iter(program(name), &options));
  if (!link) throw SystemError("iterator.attach", name, errno, take_libbpf_log());
  Fd iterator(bpf_iter_create(bpf_link__fd(link.get())));
  if (iterator.get() < 0) throw SystemError("iterator.create", name, errno);
  std::vector<uint8_t> written;
  constexpr size_t kChunk = 1 << 16;
  for (size_t length = 0;;) {
    written.resize(length + kChunk);
    ssize_t got = ::read(iterator.get(), written.data() + length, kChunk);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0) throw SystemError("iterator.read", name, errno);
    length += static_cast<size_t>(got);
    if (got > 0) continue;
    written.resize(length);
    return written;
  }
}

uint32_t BpfObject::run(const std::string& name) const {
  bpf_test_run_opts options{};
  options.sz = sizeof(options);
  if (bpf_prog_test_run_opts(bpf_program__fd(program(name)), &options) < 0)
    throw SystemError("program.run", name, errno);
  return options.retval;
}

}  // namespace memtrace
