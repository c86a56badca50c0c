// Bytes, numbers and texts between JavaScript and C++.
#ifndef MEMTRACE_JS_VALUES_H_
#define MEMTRACE_JS_VALUES_H_

#include <napi.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace memtrace {

inline std::vector<uint8_t> bytes_of(const Napi::Value& value) {
  auto view = value.As<Napi::Uint8Array>();
  return {view.Data(), view.Data() + view.ElementLength()};
}

inline Napi::Value to_array(Napi::Env env, const std::vector<uint8_t>& bytes) {
  auto array = Napi::Uint8Array::New(env, bytes.size());
  if (!bytes.empty()) std::memcpy(array.Data(), bytes.data(), bytes.size());
  return array;
}

inline std::vector<uint64_t> numbers_of(const Napi::Value& value) {
  std::vector<uint64_t> numbers;
  if (!value.IsArray()) return numbers;
  auto array = value.As<Napi::Array>();
  for (uint32_t i = 0; i < array.Length(); ++i)
    numbers.push_back(static_cast<uint64_t>(array.Get(i).As<Napi::Number>().Int64Value()));
  return numbers;
}

inline std::string text_at(const Napi::Object& object, const char* key) {
  Napi::Value value = object.Get(key);
  return value.IsString() ? value.As<Napi::String>().Utf8Value() : "";
}

}  // namespace memtrace

#endif  // MEMTRACE_JS_VALUES_H_
