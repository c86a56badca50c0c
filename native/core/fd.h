// A file descriptor that is closed with its owner.
#ifndef MEMTRACE_CORE_FD_H_
#define MEMTRACE_CORE_FD_H_

#include <unistd.h>

namespace memtrace {

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace memtrace

#endif  // MEMTRACE_CORE_FD_H_
