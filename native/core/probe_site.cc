#include "core/probe_site.h"

#include <capstone/capstone.h>
#include <elf.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <memory>

#include "core/system_error.h"

namespace memtrace {
namespace {

// As far as a function is followed: jemalloc's free() does not branch before its 48th byte.
constexpr uint64_t kReach = 64;

struct Decoded {
  uint64_t address;
  uint8_t size;
  std::string text;
  bool emulated = false;     // the kernel emulates it: uprobes.c of its architecture
  bool harmless = false;     // arguments, stack and frame pointer are as before
  uint64_t branches_to = 0;  // a direct branch's target
};

class Disassembler {
 public:
  Disassembler(uint16_t machine, size_t arguments)
      : arm_(machine == EM_AARCH64), arguments_(arguments) {
    cs_err error = arm_ ? cs_open(CS_ARCH_ARM64, CS_MODE_ARM, &handle_)
                        : cs_open(CS_ARCH_X86, CS_MODE_64, &handle_);
    if (error != CS_ERR_OK) throw SystemError("disassembler.open", cs_strerror(error), ENOTSUP);
    cs_option(handle_, CS_OPT_DETAIL, CS_OPT_ON);
    instruction_ = cs_malloc(handle_);
  }
  ~Disassembler() {
    cs_free(instruction_, 1);
    cs_close(&handle_);
  }
  Disassembler(const Disassembler&) = delete;
  Disassembler& operator=(const Disassembler&) = delete;

  // False at the end, or at bytes that are no instruction.
  bool next(const uint8_t*& code, size_t& left, uint64_t& address, Decoded& decoded) {
    if (!cs_disasm_iter(handle_, &code, &left, &address, instruction_)) return false;
    decoded = Decoded{};
    decoded.address = instruction_->address;
    decoded.size = static_cast<uint8_t>(instruction_->size);
    decoded.text = std::string(instruction_->mnemonic) + (*instruction_->op_str ? " " : "") +
                   instruction_->op_str;
    if (arm_)
      describe_arm(decoded);
    else
      describe_x86(decoded);
    return true;
  }

 private:
  bool in_group(uint8_t group) const { return cs_insn_group(handle_, instruction_, group); }

  void describe_x86(Decoded& decoded) const {
    const cs_x86& x86 = instruction_->detail->x86;
    bool immediate = x86.op_count == 1 && x86.operands[0].type == X86_OP_IMM;
    bool jump = in_group(X86_GRP_JUMP), call = in_group(X86_GRP_CALL);
    bool narrow = x86.prefix[2] == X86_PREFIX_OPSIZE;
    if ((jump || call) && immediate)
      decoded.branches_to = static_cast<uint64_t>(x86.operands[0].imm);
    if (jump && immediate && !narrow)
      // jrcxz and loop are jumps too, and are not emulated.
      decoded.emulated = x86.opcode[0] == 0xeb || x86.opcode[0] == 0xe9 ||
                         (x86.opcode[0] >= 0x70 && x86.opcode[0] <= 0x7f) ||
                         (x86.opcode[0] == 0x0f && (x86.opcode[1] & 0xf0) == 0x80);
    if (call && immediate && !narrow) decoded.emulated = x86.opcode[0] == 0xe8;
    if (instruction_->id == X86_INS_NOP && x86.opcode[0] == 0x90) decoded.emulated = true;
    // push with no prefix but REX.B.
    if (instruction_->id == X86_INS_PUSH && (x86.opcode[0] & 0xf8) == 0x50)
      decoded.emulated = instruction_->size == 1 || (instruction_->size == 2 && x86.rex == 0x41);
    if (jump || call || in_group(X86_GRP_RET) || in_group(X86_GRP_INT)) return;
    decoded.harmless = keeps_arguments();
  }

  bool keeps_arguments() const {
    const cs_x86& x86 = instruction_->detail->x86;
    // By where the operand stands: capstone 4 takes the stores of some vector instructions for loads.
    bool only_reads = instruction_->id == X86_INS_CMP || instruction_->id == X86_INS_TEST ||
                      instruction_->id == X86_INS_NOP;
    for (int i = 0; i < x86.op_count && !only_reads; ++i)
      if (x86.operands[i].type == X86_OP_MEM && (i == 0 || (x86.operands[i].access & CS_AC_WRITE)))
        return false;
    cs_regs read, written;
    uint8_t reads = 0, writes = 0;
    if (cs_regs_access(handle_, instruction_, read, &reads, written, &writes) != CS_ERR_OK)
      return false;
    return std::none_of(written, written + writes, [this](uint16_t each) { return is_kept(each); });
  }

  // What is read of the argument registers, the stack pointer, and the caller's frame pointer.
  bool is_kept(uint16_t each) const {
    static const std::vector<const char*> parts[] = {
        {"di"}, {"si"}, {"dx", "dl", "dh"}, {"cx", "cl", "ch"}, {"r8"}, {"r9"}};
    std::string name = cs_reg_name(handle_, each) ? cs_reg_name(handle_, each) : "";
    auto is_part = [&](const char* part) { return name.find(part) != std::string::npos; };
    if (is_part("sp") || is_part("bp")) return true;
    size_t count = std::min(arguments_, std::size(parts));
    return std::any_of(parts, parts + count, [&](const std::vector<const char*>& argument) {
      return std::any_of(argument.begin(), argument.end(), is_part);
    });
  }

  void describe_arm(Decoded& decoded) const {
    switch (instruction_->id) {
      case ARM64_INS_NOP:
      case ARM64_INS_B:
      case ARM64_INS_CBZ:
      case ARM64_INS_CBNZ:
      case ARM64_INS_TBZ:
      case ARM64_INS_TBNZ:
        decoded.emulated = true;
        break;
      default:
        break;
    }
    const cs_arm64& arm = instruction_->detail->arm64;
    if (in_group(CS_GRP_JUMP) || in_group(CS_GRP_CALL))
      for (int i = 0; i < arm.op_count; ++i)
        if (arm.operands[i].type == ARM64_OP_IMM)
          decoded.branches_to = static_cast<uint64_t>(arm.operands[i].imm);
    // A landing pad; paciasp is not passed: it signs the return address.
    decoded.harmless = decoded.text == "bti c" || decoded.text == "hint #34";
  }

  bool arm_;
  size_t arguments_;
  csh handle_ = 0;
  cs_insn* instruction_ = nullptr;
};

}  // namespace

ProbeSite pick_probe_site(const std::vector<uint8_t>& code, uint64_t address, uint16_t machine,
                          size_t arguments) {
  Disassembler disassembler(machine, arguments);
  const uint8_t* at = code.data();
  size_t left = code.size();
  uint64_t next = address;
  Decoded each;
  ProbeSite entry, site;
  bool walking = true, found = false;
  std::vector<uint64_t> targets;
  while (disassembler.next(at, left, next, each)) {
    if (each.address == address) entry.instruction = each.text;
    if (each.branches_to > address && each.branches_to < address + kReach)
      targets.push_back(each.branches_to);
    if (!walking) continue;
    if (each.emulated) {
      site = {each.address - address, each.text, true, ""};
      found = true;
      walking = false;
    } else if (!each.harmless || each.address - address + each.size >= kReach) {
      entry.why = each.address == address
                      ? "the entry: its first instruction already changes what must be read"
                      : "the entry: '" + each.text + "' comes before any emulated instruction";
      walking = false;
    }
  }
  if (entry.instruction.empty()) {
    entry.why = "the entry: its code could not be decoded";
    return entry;
  }
  if (!found) return entry;
  if (site.delta == 0) {
    site.why = "the entry, which the kernel emulates";
    return site;
  }
  // A second way to the site would count calls that never entered.
  bool entered_otherwise = std::any_of(targets.begin(), targets.end(), [&](uint64_t target) {
    return target <= address + site.delta;
  });
  if (entered_otherwise || left > 0) {
    entry.why = entered_otherwise ? "the entry: a branch leads back into the prologue"
                                  : "the entry: the function could not be decoded to its end";
    return entry;
  }
  site.why = "first emulated instruction; '" + entry.instruction + "' would be single-stepped";
  return site;
}

}  // namespace memtrace
