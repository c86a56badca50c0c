#include "core/calibration.h"

#include <time.h>

#include <algorithm>
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <limits>

#include "core/system_error.h"

// Begins with an instruction that the kernel emulates, as the probe sites that memtrace picks do.
extern "C" void memtrace_calibrate();
#if defined(__x86_64__)
asm(".text\n"
    ".p2align 4\n"
    ".local memtrace_calibrate\n"
    ".type memtrace_calibrate, @function\n"
    "memtrace_calibrate:\n"
    "  push %rbx\n"
    "  pop %rbx\n"
    "  ret\n"
    ".size memtrace_calibrate, . - memtrace_calibrate\n");
#else
asm(".text\n"
    ".p2align 4\n"
    ".local memtrace_calibrate\n"
    ".type memtrace_calibrate, %function\n"
    "memtrace_calibrate:\n"
    "  nop\n"
    "  ret\n"
    ".size memtrace_calibrate, . - memtrace_calibrate\n");
#endif

namespace memtrace {
namespace {

double thread_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

}  // namespace

CalibrationFunction find_calibration_function() {
  uint64_t address = reinterpret_cast<uint64_t>(&memtrace_calibrate);
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

double time_calibration_calls(uint32_t calls) {
  constexpr int kRounds = 5;
  double least = std::numeric_limits<double>::max();
  for (int round = 0; round < kRounds; ++round) {
    double began = thread_ns();
    for (uint32_t i = 0; i < calls; ++i) memtrace_calibrate();
    least = std::min(least, (thread_ns() - began) / calls);
  }
  return least;
}

}  // namespace memtrace
