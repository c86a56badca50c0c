// Reads of a user's memory, kept as such while libbpf loads an object.
#ifndef MEMTRACE_CORE_USER_READS_H_
#define MEMTRACE_CORE_USER_READS_H_

#include <bpf/libbpf.h>

namespace memtrace {

// While one lives on this thread, bpf_probe_read_user() stays what it is in programs of uprobes.
// libbpf tries bpf_probe_read_kernel(), and where that is refused, takes the kernel for one before
// 5.5 and puts bpf_probe_read() in the place of both. A kernel that is locked down refuses that
// trial and bpf_probe_read(), and allows bpf_probe_read_user().
class UserReads {
 public:
  explicit UserReads(const bpf_object* object);
  ~UserReads();
  UserReads(const UserReads&) = delete;
  UserReads& operator=(const UserReads&) = delete;
};

// Before any object is opened; once is enough.
void keep_user_reads();

}  // namespace memtrace

#endif  // MEMTRACE_CORE_USER_READS_H_
