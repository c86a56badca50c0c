// A BPF ring buffer, drained at the reader's pace.
#ifndef MEMTRACE_CORE_RING_H_
#define MEMTRACE_CORE_RING_H_

#include <bpf/libbpf.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace memtrace {

struct RingCloser {
  void operator()(ring_buffer* ring) const noexcept { ring_buffer__free(ring); }
};

class Ring {
 public:
  // Throws SystemError. The map outlives the ring.
  explicit Ring(int map_fd);
  ~Ring();
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;

  // The records that are there, one after the other, each preceded by its length in bytes (uint32)
  // and padded to 8 bytes; waits for the first up to timeout_ms, or until wake().
  std::vector<uint8_t> wait(int timeout_ms);
  void wake();

 private:
  static int keep_record(void* self, void* record, size_t size);

  std::unique_ptr<ring_buffer, RingCloser> ring_;
  int wake_fd_ = -1;
  std::vector<uint8_t> records_;
};

}  // namespace memtrace

#endif  // MEMTRACE_CORE_RING_H_
