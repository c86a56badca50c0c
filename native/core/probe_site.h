// Where to put an entry probe so that the kernel need not single-step.
#ifndef MEMTRACE_CORE_PROBE_SITE_H_
#define MEMTRACE_CORE_PROBE_SITE_H_

#include <cstdint>
#include <string>
#include <vector>

namespace memtrace {

struct ProbeSite {
  uint64_t delta = 0;       // bytes past the entry
  std::string instruction;  // e.g. "push rbx"
  bool emulated = false;
  std::string why;
};

// `code` is the function's body (or its beginning), `address` its virtual address, `machine` e_machine; `arguments` is how many
// registers of arguments, from the first on, the probe reads.
ProbeSite pick_probe_site(const std::vector<uint8_t>& code, uint64_t address, uint16_t machine,
                          size_t arguments);

}  // namespace memtrace

#endif  // MEMTRACE_CORE_PROBE_SITE_H_
