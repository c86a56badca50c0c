// A function of our own to hang probes on: to learn which links the kernel takes, and what one hit
// costs on this machine.
#ifndef MEMTRACE_CORE_CALIBRATION_H_
#define MEMTRACE_CORE_CALIBRATION_H_

#include <cstdint>
#include <string>

namespace memtrace {

struct CalibrationFunction {
  std::string path;
  uint64_t offset;  // bytes from the start of the file
};

// `name`: alloc, free, stepped. Throws SystemError where our own mapping cannot be found.
CalibrationFunction find_calibration_function(const std::string& name);

// Nanoseconds of thread CPU time per call; each call has an argument of its own, the same ones each time.
double time_calibration_calls(const std::string& name, uint32_t calls);

}  // namespace memtrace

#endif  // MEMTRACE_CORE_CALIBRATION_H_
