// What went wrong in a call to the system or to a library: facts, no sentences.
#ifndef MEMTRACE_CORE_SYSTEM_ERROR_H_
#define MEMTRACE_CORE_SYSTEM_ERROR_H_

#include <cstring>
#include <stdexcept>
#include <string>

namespace memtrace {

struct SystemError : std::runtime_error {
  SystemError(std::string operation_, std::string subject_, int error_, std::string log_ = "")
      : std::runtime_error(operation_ + " " + subject_ + ": " + std::strerror(error_)),
        operation(std::move(operation_)),
        subject(std::move(subject_)),
        error(error_),
        log(std::move(log_)) {}

  std::string operation;  // e.g. "uprobe.attach"
  std::string subject;    // e.g. a path
  int error;              // errno
  std::string log;        // what the library or the kernel said, often empty
};

}  // namespace memtrace

#endif  // MEMTRACE_CORE_SYSTEM_ERROR_H_
