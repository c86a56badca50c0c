// The one seam where C++ exceptions become JavaScript errors: {operation, subject, errno, log}.
#ifndef MEMTRACE_JS_ERRORS_H_
#define MEMTRACE_JS_ERRORS_H_

#include <napi.h>

#include <string>

#include "core/system_error.h"

namespace memtrace {

inline Napi::Error to_js(Napi::Env env, const SystemError& error) {
  Napi::Error js = Napi::Error::New(env, error.what());
  js.Set("operation", Napi::String::New(env, error.operation));
  js.Set("subject", Napi::String::New(env, error.subject));
  js.Set("errno", Napi::Number::New(env, error.error));
  js.Set("log", Napi::String::New(env, error.log));
  return js;
}

// Runs f; anything but a Napi::Error that leaves it is translated, since it would end the process.
template <typename F>
auto guarded(Napi::Env env, F&& f) -> decltype(f()) {
  try {
    return f();
  } catch (const Napi::Error&) {
    throw;
  } catch (const SystemError& error) {
    throw to_js(env, error);
  } catch (const std::exception& error) {
    throw Napi::Error::New(env, error.what());
  }
}

}  // namespace memtrace

#endif  // MEMTRACE_JS_ERRORS_H_
