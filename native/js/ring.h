// A ring buffer in JavaScript's terms. src/native/bpf.ts has the types.
#ifndef MEMTRACE_JS_RING_H_
#define MEMTRACE_JS_RING_H_

#include <napi.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "core/bpf_object.h"
#include "core/ring.h"
#include "js/errors.h"
#include "js/promise.h"
#include "js/values.h"

namespace memtrace {

class JsRing final : public Napi::ObjectWrap<JsRing> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "Ring",
        {InstanceMethod<&JsRing::wait>("wait"), InstanceMethod<&JsRing::wake>("wake"),
         InstanceMethod<&JsRing::close>("close")});
  }

  explicit JsRing(const Napi::CallbackInfo& info) : Napi::ObjectWrap<JsRing>(info) {
    guarded(info.Env(), [&] {
      object_ = *info[0].As<Napi::External<std::shared_ptr<BpfObject>>>().Data();
      ring_ = std::make_shared<Ring>(object_->map_fd(info[1].As<Napi::String>()));
    });
  }

 private:
  Napi::Value wait(const Napi::CallbackInfo& info) {
    if (!ring_) throw Napi::Error::New(info.Env(), "the ring is closed");
    int timeout_ms = info[0].As<Napi::Number>().Int32Value();
    return promise_of<std::vector<uint8_t>>(
        info.Env(), [ring = ring_, object = object_, timeout_ms] { return ring->wait(timeout_ms); },
        [](Napi::Env env, std::vector<uint8_t>& records) { return to_array(env, records); });
  }
  void wake(const Napi::CallbackInfo&) {
    if (ring_) ring_->wake();
  }
  void close(const Napi::CallbackInfo&) {
    ring_.reset();
    object_.reset();
  }

  std::shared_ptr<BpfObject> object_;
  std::shared_ptr<Ring> ring_;  // after object_: closed before its map is
};

}  // namespace memtrace

#endif  // MEMTRACE_JS_RING_H_
