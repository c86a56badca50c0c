// Work on a thread of libuv's pool, its result as a promise.
#ifndef MEMTRACE_JS_PROMISE_H_
#define MEMTRACE_JS_PROMISE_H_

#include <napi.h>

#include <exception>
#include <functional>
#include <optional>
#include <utility>

#include "js/errors.h"

namespace memtrace {

template <typename T>
class PromiseWorker final : public Napi::AsyncWorker {
 public:
  PromiseWorker(Napi::Env env, std::function<T()> work,
                std::function<Napi::Value(Napi::Env, T&)> convert)
      : Napi::AsyncWorker(env),
        deferred_(Napi::Promise::Deferred::New(env)),
        work_(std::move(work)),
        convert_(std::move(convert)) {}

  Napi::Promise promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override {
    try {
      result_.emplace(work_());
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  void OnOK() override {
    Napi::HandleScope scope(Env());
    try {
      guarded(Env(), [&] {
        if (failure_) std::rethrow_exception(failure_);
        deferred_.Resolve(convert_(Env(), *result_));
      });
    } catch (const Napi::Error& error) {
      deferred_.Reject(error.Value());
    }
  }

 private:
  Napi::Promise::Deferred deferred_;
  std::function<T()> work_;
  std::function<Napi::Value(Napi::Env, T&)> convert_;
  std::optional<T> result_;
  std::exception_ptr failure_;
};

// The promise of convert(work()); whatever work holds must be owned by it.
template <typename T>
Napi::Value promise_of(Napi::Env env, std::function<T()> work,
                       std::function<Napi::Value(Napi::Env, T&)> convert) {
  auto* worker = new PromiseWorker<T>(env, std::move(work), std::move(convert));
  Napi::Promise promise = worker->promise();
  worker->Queue();
  return promise;
}

struct Done {};

inline Napi::Value promise_of(Napi::Env env, std::function<void()> work) {
  return promise_of<Done>(
      env, [work = std::move(work)] { return work(), Done{}; },
      [](Napi::Env e, Done&) { return e.Undefined(); });
}

}  // namespace memtrace

#endif  // MEMTRACE_JS_PROMISE_H_
