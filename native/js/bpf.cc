// The BPF half of the addon: native/core in JavaScript's terms. src/native/bpf.ts has its types.
#include <napi.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "core/bpf_object.h"
#include "core/calibration.h"
#include "core/user_reads.h"
#include "js/errors.h"
#include "js/kernel_types.h"
#include "js/probe_request.h"
#include "js/promise.h"
#include "js/ring.h"
#include "js/values.h"

namespace memtrace {
namespace {

struct AddonState {
  Napi::FunctionReference ring;
};

Napi::Value entries_in_js(Napi::Env env, Entries& entries) {
  Napi::Object js = Napi::Object::New(env);
  js["length"] = Napi::Number::New(env, static_cast<double>(entries.length));
  js["keySize"] = Napi::Number::New(env, entries.key_size);
  js["valueSize"] = Napi::Number::New(env, entries.value_size);
  js["keys"] = to_array(env, entries.keys);
  js["values"] = to_array(env, entries.values);
  return js;
}

class JsBpfObject final : public Napi::ObjectWrap<JsBpfObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "BpfObject",
                       {InstanceMethod<&JsBpfObject::set_constant>("setConstant"),
                        InstanceMethod<&JsBpfObject::set_max_entries>("setMaxEntries"),
                        InstanceMethod<&JsBpfObject::preallocate>("preallocate"),
                        InstanceMethod<&JsBpfObject::choose_program>("chooseProgram"),
                        InstanceMethod<&JsBpfObject::set_attach_type>("setAttachType"),
                        InstanceMethod<&JsBpfObject::set_attach_target>("setAttachTarget"),
                        InstanceMethod<&JsBpfObject::load>("load"),
                        InstanceMethod<&JsBpfObject::attach>("attach"),
                        InstanceMethod<&JsBpfObject::iterate>("iterate"),
                        InstanceMethod<&JsBpfObject::run>("run"),
                        InstanceMethod<&JsBpfObject::detach>("detach"),
                        InstanceMethod<&JsBpfObject::close>("close"),
                        InstanceMethod<&JsBpfObject::read>("read"),
                        InstanceMethod<&JsBpfObject::take>("take"),
                        InstanceMethod<&JsBpfObject::lookup>("lookup"),
                        InstanceMethod<&JsBpfObject::update>("update"),
                        InstanceMethod<&JsBpfObject::remove>("remove"),
                        InstanceMethod<&JsBpfObject::layout>("layout"),
                        InstanceMethod<&JsBpfObject::enumerators>("enumerators"),
                        InstanceMethod<&JsBpfObject::kernel_memory>("kernelMemory"),
                        InstanceMethod<&JsBpfObject::programs>("programs"),
                        InstanceMethod<&JsBpfObject::program_names>("programNames"),
                        InstanceMethod<&JsBpfObject::open_ring>("openRing")});
  }

  explicit JsBpfObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<JsBpfObject>(info) {
    guarded(info.Env(),
            [&] { object_ = std::make_shared<BpfObject>(info[0].As<Napi::String>().Utf8Value()); });
  }

 private:
  std::shared_ptr<BpfObject> object(Napi::Env env) const {
    if (!object_) throw Napi::Error::New(env, "the BPF object is closed");
    return object_;
  }

  void set_constant(const Napi::CallbackInfo& info) {
    guarded(info.Env(), [&] {
      bool lossless = true;
      uint64_t value = info[1].IsBigInt()
                           ? info[1].As<Napi::BigInt>().Uint64Value(&lossless)
                           : static_cast<uint64_t>(info[1].As<Napi::Number>().Int64Value());
      object(info.Env())->set_constant(info[0].As<Napi::String>(), value);
    });
  }
  void set_max_entries(const Napi::CallbackInfo& info) {
    guarded(info.Env(), [&] {
      object(info.Env())
          ->set_max_entries(info[0].As<Napi::String>(), info[1].As<Napi::Number>().Uint32Value());
    });
  }
  void preallocate(const Napi::CallbackInfo& info) {
    guarded(info.Env(),
            [&] { object(info.Env())->preallocate(info[0].As<Napi::String>().Utf8Value()); });
  }
  void choose_program(const Napi::CallbackInfo& info) {
    guarded(info.Env(), [&] {
      object(info.Env())->choose_program(info[0].As<Napi::String>(), info[1].ToBoolean());
    });
  }
  void set_attach_type(const Napi::CallbackInfo& info) {
    guarded(info.Env(), [&] {
      object(info.Env())
          ->set_attach_type(info[0].As<Napi::String>(), info[1].As<Napi::Number>().Uint32Value());
    });
  }

  void set_attach_target(const Napi::CallbackInfo& info) {
    guarded(info.Env(), [&] {
      object(info.Env())->set_attach_target(info[0].As<Napi::String>(), info[1].As<Napi::String>());
    });
  }

  Napi::Value load(const Napi::CallbackInfo& info) {
    return promise_of(info.Env(), [object = object(info.Env())] { object->load(); });
  }

  Napi::Value attach(const Napi::CallbackInfo& info) {
    return guarded(info.Env(), [&] {
      ProbeRequest request = request_of(info[0].As<Napi::Object>());
      return promise_of<uint64_t>(
          info.Env(), [object = object(info.Env()), request] { return object->attach(request); },
          [](Napi::Env env, uint64_t& link) {
            return Napi::Number::New(env, static_cast<double>(link));
          });
    });
  }

  Napi::Value detach(const Napi::CallbackInfo& info) {
    return promise_of(info.Env(), [object = object(info.Env()), links = numbers_of(info[0])] {
      object->detach(links);
    });
  }

  // Detaches everything; what is under way ends first, since it holds the object too.
  Napi::Value close(const Napi::CallbackInfo& info) {
    if (!object_) return promise_of(info.Env(), [] {});
    return promise_of(info.Env(), [object = std::move(object_)] { object->detach_all(); });
  }

  Napi::Value iterate(const Napi::CallbackInfo& info) {
    std::string program = info[0].As<Napi::String>();
    std::string over = info[1].IsString() ? info[1].As<Napi::String>().Utf8Value() : "";
    return promise_of<std::vector<uint8_t>>(
        info.Env(),
        [object = object(info.Env()), program, over] { return object->iterate(program, over); },
        [](Napi::Env env, std::vector<uint8_t>& written) { return to_array(env, written); });
  }

  Napi::Value run(const Napi::CallbackInfo& info) {
    std::string program = info[0].As<Napi::String>();
    return promise_of<uint32_t>(
        info.Env(), [object = object(info.Env()), program] { return object->run(program); },
        [](Napi::Env env, uint32_t& result) { return Napi::Number::New(env, result); });
  }

  Napi::Value read(const Napi::CallbackInfo& info) {
    std::string map = info[0].As<Napi::String>();
    return promise_of<Entries>(
        info.Env(), [object = object(info.Env()), map] { return object->read(map); },
        entries_in_js);
  }

  Napi::Value take(const Napi::CallbackInfo& info) {
    return guarded(info.Env(), [&] {
      Entries taken = object(info.Env())->take(info[0].As<Napi::String>(), bytes_of(info[1]));
      return entries_in_js(info.Env(), taken);
    });
  }

  Napi::Value lookup(const Napi::CallbackInfo& info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
      auto value = object(info.Env())->lookup(info[0].As<Napi::String>(), bytes_of(info[1]));
      if (!value) return info.Env().Null();
      return to_array(info.Env(), *value);
    });
  }
  void update(const Napi::CallbackInfo& info) {
    guarded(info.Env(), [&] {
      object(info.Env())->update(info[0].As<Napi::String>(), bytes_of(info[1]), bytes_of(info[2]));
    });
  }
  Napi::Value remove(const Napi::CallbackInfo& info) {
    return guarded(info.Env(), [&] {
      bool there = object(info.Env())->remove(info[0].As<Napi::String>(), bytes_of(info[1]));
      return Napi::Boolean::New(info.Env(), there);
    });
  }

  Napi::Value layout(const Napi::CallbackInfo& info) {
    return guarded(info.Env(), [&] {
      Layout layout = object(info.Env())->layout(info[0].As<Napi::String>());
      Napi::Object fields = Napi::Object::New(info.Env());
      for (const Field& field : layout.fields) {
        Napi::Object each = Napi::Object::New(info.Env());
        each["offset"] = Napi::Number::New(info.Env(), field.offset);
        each["size"] = Napi::Number::New(info.Env(), field.size);
        each["length"] = Napi::Number::New(info.Env(), field.length);
        fields[field.name] = each;
      }
      Napi::Object js = Napi::Object::New(info.Env());
      js["size"] = Napi::Number::New(info.Env(), layout.size);
      js["fields"] = fields;
      return js;
    });
  }
  Napi::Value enumerators(const Napi::CallbackInfo& info) {
    return guarded(info.Env(), [&] {
      Napi::Object js = Napi::Object::New(info.Env());
      for (const auto& [name, value] : object(info.Env())->enumerators(info[0].As<Napi::String>()))
        js[name] = Napi::Number::New(info.Env(), static_cast<double>(value));
      return js;
    });
  }
  Napi::Value kernel_memory(const Napi::CallbackInfo& info) {
    return guarded(info.Env(), [&] {
      return Napi::Number::New(info.Env(),
                               static_cast<double>(object(info.Env())->kernel_memory()));
    });
  }
  Napi::Value programs(const Napi::CallbackInfo& info) {
    return guarded(info.Env(), [&] {
      Napi::Array js = Napi::Array::New(info.Env());
      for (const ProgramFacts& program : object(info.Env())->programs()) {
        Napi::Object each = Napi::Object::New(info.Env());
        each["name"] = Napi::String::New(info.Env(), program.name);
        each["verifiedInstructions"] = Napi::Number::New(info.Env(), program.verified_instructions);
        each["recursionMisses"] =
            Napi::Number::New(info.Env(), static_cast<double>(program.recursion_misses));
        js[js.Length()] = each;
      }
      return js;
    });
  }

  Napi::Value program_names(const Napi::CallbackInfo& info) {
    return guarded(info.Env(), [&] {
      Napi::Array js = Napi::Array::New(info.Env());
      for (const std::string& name : object(info.Env())->program_names())
        js[js.Length()] = Napi::String::New(info.Env(), name);
      return js;
    });
  }

  Napi::Value open_ring(const Napi::CallbackInfo& info) {
    std::shared_ptr<BpfObject> shared = object(info.Env());
    auto external = Napi::External<std::shared_ptr<BpfObject>>::New(info.Env(), &shared);
    return info.Env().GetInstanceData<AddonState>()->ring.New({external, info[0]});
  }

  std::shared_ptr<BpfObject> object_;
};

// {path, offset} of a function of our own that calibration probes are put on.
Napi::Value calibration_function(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    CalibrationFunction function = find_calibration_function(info[0].As<Napi::String>());
    Napi::Object js = Napi::Object::New(info.Env());
    js["path"] = Napi::String::New(info.Env(), function.path);
    js["offset"] = Napi::Number::New(info.Env(), static_cast<double>(function.offset));
    return js;
  });
}

Napi::Value time_calibration(const Napi::CallbackInfo& info) {
  std::string name = info[0].As<Napi::String>();
  uint32_t calls = info[1].As<Napi::Number>().Uint32Value();
  return promise_of<double>(
      info.Env(), [name, calls] { return time_calibration_calls(name, calls); },
      [](Napi::Env env, double& ns) { return Napi::Number::New(env, ns); });
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  capture_libbpf_log();
  keep_user_reads();
  auto* state = new AddonState;
  state->ring = Napi::Persistent(JsRing::define(env));
  env.SetInstanceData(state);
  exports["BpfObject"] = JsBpfObject::define(env);
  define_kernel_types(env, exports);
  exports["pageSize"] = Napi::Number::New(env, static_cast<double>(::sysconf(_SC_PAGESIZE)));
  exports["calibrationFunction"] = Napi::Function::New(env, calibration_function);
  exports["timeCalibration"] = Napi::Function::New(env, time_calibration);
  return exports;
}

}  // namespace

NODE_API_MODULE(bpf, init)

}  // namespace memtrace
