#include "core/ring.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/system_error.h"

namespace memtrace {
namespace {
constexpr size_t kMaxBytesAWait = 8 << 20;
}

Ring::Ring(int map_fd) {
  ring_.reset(ring_buffer__new(map_fd, keep_record, this, nullptr));
  if (!ring_) throw SystemError("ring.open", "events", errno);
  wake_fd_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_fd_ < 0) throw SystemError("ring.open", "eventfd", errno);
}

Ring::~Ring() {
  if (wake_fd_ >= 0) ::close(wake_fd_);
}

int Ring::keep_record(void* self, void* record, size_t size) {
  auto& records = static_cast<Ring*>(self)->records_;
  size_t at = records.size();
  uint32_t length = static_cast<uint32_t>(size);
  records.resize(at + 8 + (size + 7) / 8 * 8);
  std::memcpy(records.data() + at, &length, sizeof(length));
  std::memcpy(records.data() + at + 8, record, size);
  return records.size() > kMaxBytesAWait ? -EAGAIN : 0;
}

std::vector<uint8_t> Ring::wait(int timeout_ms) {
  records_.clear();
  ring_buffer__consume(ring_.get());
  if (records_.empty() && timeout_ms > 0) {
    pollfd waits[] = {{ring_buffer__epoll_fd(ring_.get()), POLLIN, 0}, {wake_fd_, POLLIN, 0}};
    ::poll(waits, 2, timeout_ms);
    uint64_t count;
    while (::read(wake_fd_, &count, sizeof(count)) > 0) {
    }
    ring_buffer__consume(ring_.get());
  }
  return std::move(records_);
}

void Ring::wake() {
  uint64_t one = 1;
  if (::write(wake_fd_, &one, sizeof(one)) < 0) return;  // full: it is awake already
}

}  // namespace memtrace
