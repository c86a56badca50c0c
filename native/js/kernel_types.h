// Questions to a kernel's BTF.
#ifndef MEMTRACE_JS_KERNEL_TYPES_H_
#define MEMTRACE_JS_KERNEL_TYPES_H_

#include <napi.h>

#include <set>
#include <string>
#include <vector>

#include "core/kernel_types.h"
#include "js/errors.h"

namespace memtrace {

// The BTF file that is asked instead of the running kernel, if the last argument names one.
inline std::string btf_file(const Napi::Value& argument) {
  return argument.IsString() ? argument.As<Napi::String>().Utf8Value() : "";
}

inline Napi::Array strings_js(Napi::Env env, const std::vector<std::string>& strings) {
  Napi::Array js = Napi::Array::New(env);
  for (const std::string& each : strings) js[js.Length()] = Napi::String::New(env, each);
  return js;
}

inline Napi::Value kernel_member_offset_js(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    auto offset = kernel_member_offset(info[0].As<Napi::String>(), info[1].As<Napi::String>(),
                                       btf_file(info[2]));
    if (!offset) return info.Env().Null();
    return Napi::Number::New(info.Env(), *offset);
  });
}

inline Napi::Value kernel_tracepoint_arguments_js(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    auto types = kernel_tracepoint_arguments(info[0].As<Napi::String>(), btf_file(info[1]));
    if (!types) return info.Env().Null();
    return strings_js(info.Env(), *types);
  });
}

// {name: types of parameters} of those functions that the kernel has.
inline Napi::Value kernel_function_parameters_js(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    auto names = info[0].As<Napi::Array>();
    std::set<std::string> wanted;
    for (uint32_t i = 0; i < names.Length(); ++i)
      wanted.insert(names.Get(i).As<Napi::String>().Utf8Value());
    Napi::Object js = Napi::Object::New(info.Env());
    for (const auto& [name, parameters] : kernel_function_parameters(wanted, btf_file(info[1])))
      js[name] = strings_js(info.Env(), parameters);
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
