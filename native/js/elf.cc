// ELF files in JavaScript's terms. src/native/elf.ts has the types.
#include <elf.h>
#include <napi.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "core/elf_file.h"
#include "core/frame_pointer.h"
#include "core/probe_site.h"
#include "js/errors.h"

namespace memtrace {
namespace {

constexpr uint64_t kMaxFunctionBytes = 1 << 16;
constexpr uint64_t kUnsizedFunctionBytes = 64;

const char* machine_name(uint16_t machine) {
  switch (machine) {
    case EM_X86_64:
      return "x86_64";
    case EM_AARCH64:
      return "aarch64";
    case EM_386:
      return "i386";
    case EM_ARM:
      return "arm";
    default:
      return "other";
  }
}

const char* type_name(uint16_t type) {
  switch (type) {
    case ET_EXEC:
      return "exec";
    case ET_DYN:
      return "dyn";
    case ET_REL:
      return "rel";
    default:
      return "core";
  }
}

Napi::Value text_or_null(Napi::Env env, const std::string& text) {
  if (text.empty()) return env.Null();
  return Napi::String::New(env, text);
}

Napi::Array texts(Napi::Env env, const std::vector<std::string>& from) {
  Napi::Array array = Napi::Array::New(env, from.size());
  for (uint32_t i = 0; i < from.size(); ++i) array[i] = Napi::String::New(env, from[i]);
  return array;
}

Napi::Number number(Napi::Env env, uint64_t value) {
  return Napi::Number::New(env, static_cast<double>(value));
}

Napi::Object facts_of(Napi::Env env, const ElfFacts& facts) {
  Napi::Object js = Napi::Object::New(env);
  js["machine"] = Napi::String::New(env, machine_name(facts.machine));
  js["bits"] = Napi::Number::New(env, facts.bits);
  js["type"] = Napi::String::New(env, type_name(facts.type));
  js["interpreter"] = text_or_null(env, facts.interpreter);
  js["needed"] = texts(env, facts.needed);
  js["sections"] = texts(env, facts.sections);
  js["soname"] = text_or_null(env, facts.soname);
  js["buildId"] = text_or_null(env, facts.build_id);
  js["debugLink"] = text_or_null(env, facts.debug_link);
  js["debugLinkCrc"] = facts.debug_link_crc ? number(env, *facts.debug_link_crc) : env.Null();
  js["hasSymtab"] = Napi::Boolean::New(env, facts.has_symtab);
  js["hasDebugInfo"] = Napi::Boolean::New(env, facts.has_debug_info);
  Napi::Array segments = Napi::Array::New(env);
  for (const Segment& segment : facts.segments) {
    Napi::Object each = Napi::Object::New(env);
    each["offset"] = number(env, segment.offset);
    each["vaddr"] = number(env, segment.address);
    each["fileSize"] = number(env, segment.file_size);
    each["executable"] = Napi::Boolean::New(env, segment.executable);
    segments[segments.Length()] = each;
  }
  js["segments"] = segments;
  return js;
}

class JsElfFile final : public Napi::ObjectWrap<JsElfFile> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "ElfFile",
                       {InstanceAccessor<&JsElfFile::facts>("facts"),
                        InstanceMethod<&JsElfFile::functions>("functions"),
                        InstanceMethod<&JsElfFile::probe_site>("probeSite"),
                        InstanceMethod<&JsElfFile::names>("names"),
                        InstanceMethod<&JsElfFile::import_at>("importAt"),
                        InstanceMethod<&JsElfFile::keeps_frame_pointer>("keepsFramePointer"),
                        InstanceMethod<&JsElfFile::add_debug_file>("addDebugFile"),
                        InstanceMethod<&JsElfFile::close>("close")});
  }

  explicit JsElfFile(const Napi::CallbackInfo& info) : Napi::ObjectWrap<JsElfFile>(info) {
    guarded(info.Env(),
            [&] { file_ = std::make_unique<ElfFile>(info[0].As<Napi::Number>().Int32Value()); });
  }

 private:
  ElfFile& file(Napi::Env env) const {
    if (!file_) throw Napi::Error::New(env, "the ELF file is closed");
    return *file_;
  }

  Napi::Value facts(const Napi::CallbackInfo& info) {
    return facts_of(info.Env(), file(info.Env()).facts());
  }

  Napi::Value functions(const Napi::CallbackInfo& info) {
    return guarded(info.Env(), [&] {
      auto names = info[0].As<Napi::Array>();
      std::vector<std::string> wanted;
      for (uint32_t i = 0; i < names.Length(); ++i)
        wanted.push_back(names.Get(i).As<Napi::String>());
      Napi::Array js = Napi::Array::New(info.Env());
      for (const Function& function : file(info.Env()).functions(wanted)) {
        Napi::Object each = Napi::Object::New(info.Env());
        each["symbol"] = Napi::String::New(info.Env(), function.symbol);
        each["offset"] = number(info.Env(), function.offset);
        each["size"] = number(info.Env(), function.size);
        js[js.Length()] = each;
      }
      return js;
    });
  }

  Napi::Value probe_site(const Napi::CallbackInfo& info) {
    return guarded(info.Env(), [&] {
      auto function = info[0].As<Napi::Object>();
      auto offset = static_cast<uint64_t>(function.Get("offset").As<Napi::Number>().Int64Value());
      auto size = static_cast<uint64_t>(function.Get("size").As<Napi::Number>().Int64Value());
      if (size == 0) size = kUnsizedFunctionBytes;
      auto arguments = info[1].As<Napi::Number>().Uint32Value();
      const ElfFile& elf = file(info.Env());
      ProbeSite site =
          pick_probe_site(elf.bytes(offset, std::min(size, kMaxFunctionBytes)),
                          elf.to_address(offset).value_or(offset), elf.facts().machine, arguments);
      Napi::Object js = Napi::Object::New(info.Env());
      js["offset"] = number(info.Env(), offset + site.delta);
      js["delta"] = number(info.Env(), site.delta);
      js["instruction"] = Napi::String::New(info.Env(), site.instruction);
      js["emulated"] = Napi::Boolean::New(info.Env(), site.emulated);
      js["why"] = Napi::String::New(info.Env(), site.why);
      return js;
    });
  }

  Napi::Value names(const Napi::CallbackInfo& info) {
    return guarded(info.Env(), [&] {
      auto offsets = info[0].As<Napi::Array>();
      Napi::Array js = Napi::Array::New(info.Env(), offsets.Length());
      for (uint32_t i = 0; i < offsets.Length(); ++i) {
        auto offset = static_cast<uint64_t>(offsets.Get(i).As<Napi::Number>().Int64Value());
        auto function = file(info.Env()).covering(offset);
        if (!function) {
          js[i] = info.Env().Null();
          continue;
        }
        Napi::Object each = Napi::Object::New(info.Env());
        each["symbol"] = Napi::String::New(info.Env(), function->symbol);
        each["offset"] = number(info.Env(), offset - function->offset);
        js[i] = each;
      }
      return js;
    });
  }

  Napi::Value import_at(const Napi::CallbackInfo& info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
      auto offset = static_cast<uint64_t>(info[0].As<Napi::Number>().Int64Value());
      auto name = file(info.Env()).import_at(offset);
      return name ? Napi::Value(Napi::String::New(info.Env(), *name)) : info.Env().Null();
    });
  }

  Napi::Value keeps_frame_pointer(const Napi::CallbackInfo& info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
      auto offset = static_cast<uint64_t>(info[0].As<Napi::Number>().Int64Value());
      const ElfFile& elf = file(info.Env());
      auto function = elf.covering(offset);
      // The part of a function that was moved away as unlikely has no prologue.
      if (!function || function->symbol.find(".cold") != std::string::npos)
        return info.Env().Null();
      size_t size = std::min<uint64_t>(function->size, kPrologueBytes);
      auto keeps =
          memtrace::keeps_frame_pointer(elf.bytes(function->offset, size), elf.facts().machine);
      return keeps ? Napi::Value(Napi::Boolean::New(info.Env(), *keeps)) : info.Env().Null();
    });
  }

  void add_debug_file(const Napi::CallbackInfo& info) {
    guarded(info.Env(),
            [&] { file(info.Env()).add_debug_file(info[0].As<Napi::Number>().Int32Value()); });
  }
  void close(const Napi::CallbackInfo&) { file_.reset(); }

  std::unique_ptr<ElfFile> file_;
};

Napi::Object init(Napi::Env env, Napi::Object exports) {
  auto* constructor = new Napi::FunctionReference(Napi::Persistent(JsElfFile::define(env)));
  env.SetInstanceData(constructor);
  exports["openElf"] = Napi::Function::New(env, [](const Napi::CallbackInfo& info) {
    return info.Env().GetInstanceData<Napi::FunctionReference>()->New({info[0]});
  });
  return exports;
}

}  // namespace

NODE_API_MODULE(elf, init)

}  // namespace memtrace
