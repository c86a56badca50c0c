#include "core/calibration.h"

#include <time.h>

#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <fstream>

#include "core/system_error.h"

// As an allocator's functions look: the first two begin with an instruction that the kernel emulates,
// the third with one that it has to single-step. The first returns its argument.
extern "C" {
uint64_t memtrace_calibrate_alloc(uint64_t);
uint64_t memtrace_calibrate_free(uint64_t);
uint64_t memtrace_calibrate_stepped(uint64_t);
}
#if defined(__x86_64__)
#define CALIBRATION_FUNCTION(name, code)                                                \
  asm(".text\n.p2align 4\n.local " name "\n.type " name ", @function\n" name ":\n" code \
      ".size " name ", . - " name "\n")
CALIBRATION_FUNCTION("memtrace_calibrate_alloc", "push %rbx\nmov %rdi, %rax\npop %rbx\nret\n");
CALIBRATION_FUNCTION("memtrace_calibrate_free", "push %rbx\npop %rbx\nret\n");
CALIBRATION_FUNCTION("memtrace_calibrate_stepped", "mov %rdi, %rax\nret\n");
#else
#define CALIBRATION_FUNCTION(name, code)                                                \
  asm(".text\n.p2align 4\n.local " name "\n.type " name ", %function\n" name ":\n" code \
      ".size " name ", . - " name "\n")
CALIBRATION_FUNCTION("memtrace_calibrate_alloc", "nop\nret\n");
CALIBRATION_FUNCTION("memtrace_calibrate_free", "nop\nret\n");
CALIBRATION_FUNCTION("memtrace_calibrate_stepped", "mov x1, x0\nret\n");
#endif

namespace memtrace {
namespace {

double thread_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

using Function = uint64_t (*)(uint64_t);

Function function_of(const std::string& name) {
  if (name == "alloc") return memtrace_calibrate_alloc;
  if (name == "free") return memtrace_calibrate_free;
  if (name == "stepped") return memtrace_calibrate_stepped;
  throw SystemError("calibration.find", name, EINVAL);
}

// Addresses that no allocator gives.
constexpr uint64_t kFirstAddress = 1 << 16;
constexpr uint64_t kStride = 64;

}  // namespace

CalibrationFunction find_calibration_function(const std::string& name) {
  uint64_t address = reinterpret_cast<uint64_t>(function_of(name));
  std::ifstream maps("/proc/self/maps");
  std::string line;
  while (std::getline(maps, line)) {
    uint64_t start = 0, end = 0, offset = 0;
    int path_at = 0;
    if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %*s %" SCNx64 " %*s %*s %n", &start,
                    &end, &offset, &path_at) < 3)
      continue;
    if (address >= start && address < end)
      return {line.substr(static_cast<size_t>(path_at)), address - start + offset};
  }
  throw SystemError("calibration.find", "/proc/self/maps", ENOENT);
}

double time_calibration_calls(const std::string& name, uint32_t calls) {
  Function function = function_of(name);
  double began = thread_ns();
  for (uint32_t i = 0; i < calls; ++i) function(kFirstAddress + i * kStride);
  return (thread_ns() - began) / calls;
}

}  // namespace memtrace
