#include "core/user_reads.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include <cstddef>
#include <map>
#include <mutex>
#include <vector>

namespace memtrace {
namespace {

// Where each program of the object that is being loaded reads a user's memory. What libbpf adds to a
// program comes after its own instructions.
thread_local std::map<const bpf_program*, std::vector<size_t>> user_reads;

bool calls(const bpf_insn& instruction, bpf_func_id helper) {
  return instruction.code == (BPF_JMP | BPF_CALL) && instruction.src_reg == 0 &&
         instruction.imm == helper;
}

// By libbpf, right before the program goes to the kernel.
int restore(bpf_program* program, bpf_prog_load_opts*, long) {
  auto found = user_reads.find(program);
  if (found == user_reads.end()) return 0;
  const bpf_insn* first = bpf_program__insns(program);
  std::vector<bpf_insn> instructions(first, first + bpf_program__insn_cnt(program));
  for (size_t at : found->second) {
    if (at < instructions.size() && calls(instructions[at], BPF_FUNC_probe_read))
      instructions[at].imm = BPF_FUNC_probe_read_user;
  }
  return bpf_program__set_insns(program, instructions.data(), instructions.size());
}

}  // namespace

UserReads::UserReads(const bpf_object* object) {
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, object) {
    const bpf_insn* instructions = bpf_program__insns(program);
    for (size_t at = 0; at < bpf_program__insn_cnt(program); ++at) {
      if (calls(instructions[at], BPF_FUNC_probe_read_user)) user_reads[program].push_back(at);
    }
  }
}

UserReads::~UserReads() { user_reads.clear(); }

void keep_user_reads() {
  static std::once_flag once;
  std::call_once(once, [] {
    libbpf_prog_handler_opts options{};
    options.sz = sizeof(options);
    options.prog_prepare_load_fn = restore;
    for (const char* section : {"uprobe", "uretprobe"})
      libbpf_register_prog_handler(section, BPF_PROG_TYPE_KPROBE, static_cast<bpf_attach_type>(0),
                                   &options);
  });
}

}  // namespace memtrace
