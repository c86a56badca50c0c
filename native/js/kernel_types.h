// Questions to the running kernel's BTF.
#ifndef MEMTRACE_JS_KERNEL_TYPES_H_
#define MEMTRACE_JS_KERNEL_TYPES_H_

#include <napi.h>

#include <set>
#include <string>

#include "core/kernel_types.h"
#include "js/errors.h"

namespace memtrace {

inline Napi::Value kernel_member_offset_js(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    auto offset = kernel_member_offset(info[0].As<Napi::String>(), info[1].As<Napi::String>());
    if (!offset) return info.Env().Null();
    return Napi::Number::New(info.Env(), *offset);
  });
}

inline Napi::Value kernel_tracepoint_arguments_js(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    auto types = kernel_tracepoint_arguments(info[0].As<Napi::String>());
    if (!types) return info.Env().Null();
    Napi::Array js = Napi::Array::New(info.Env());
    for (const std::string& type : *types) js[js.Length()] = Napi::String::New(info.Env(), type);
    return js;
  });
}

// {name: parameters} of those functions that the kernel has.
inline Napi::Value kernel_function_parameters_js(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    auto names = info[0].As<Napi::Array>();
    std::set<std::string> wanted;
    for (uint32_t i = 0; i < names.Length(); ++i)
      wanted.insert(names.Get(i).As<Napi::String>().Utf8Value());
    Napi::Object js = Napi::Object::New(info.Env());
    for (const auto& [name, parameters] : kernel_function_parameters(wanted))
      js[name] = Napi::Number::New(info.Env(), parameters);
    return js;
  });
}

inline void define_kernel_types(Napi::Env env, Napi::Object exports) {
  exports["kernelMemberOffset"] = Napi::Function::New(env, kernel_member_offset_js);
  exports["kernelTracepointArguments"] = Napi::Function::New(env, kernel_tracepoint_arguments_js);
  exports["kernelFunctionParameters"] = Napi::Function::New(env, kernel_function_parameters_js);
  exports["hasHelper"] = Napi::Function::New(env, [](const Napi::CallbackInfo& info) {
    bool there = has_helper(info[0].As<Napi::Number>().Uint32Value());
    return Napi::Boolean::New(info.Env(), there);
  });
}

}  // namespace memtrace

#endif  // MEMTRACE_JS_KERNEL_TYPES_H_
