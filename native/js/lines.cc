// Source positions in JavaScript's terms. src/native/elf.ts has the types.
#include <napi.h>

#include <memory>
#include <vector>

#include "core/line_table.h"
#include "js/errors.h"
#include "js/promise.h"

namespace memtrace {
namespace {

using Answers = std::vector<std::vector<Position>>;

Napi::Value text_or_null(Napi::Env env, const std::string& text) {
  if (text.empty()) return env.Null();
  return Napi::String::New(env, text);
}

Napi::Value to_js(Napi::Env env, const Answers& answers) {
  Napi::Array js = Napi::Array::New(env, answers.size());
  for (uint32_t i = 0; i < answers.size(); ++i) {
    Napi::Array positions = Napi::Array::New(env, answers[i].size());
    for (uint32_t j = 0; j < answers[i].size(); ++j) {
      const Position& position = answers[i][j];
      Napi::Object each = Napi::Object::New(env);
      each["symbol"] = text_or_null(env, position.symbol);
      each["file"] = text_or_null(env, position.file);
      each["line"] =
          position.line == 0 ? env.Null() : Napi::Value(Napi::Number::New(env, position.line));
      positions[j] = each;
    }
    js[i] = positions;
  }
  return js;
}

class JsLineTable final : public Napi::ObjectWrap<JsLineTable> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "LineTable",
                       {InstanceMethod<&JsLineTable::lines>("lines"),
                        InstanceMethod<&JsLineTable::close>("close")});
  }

  explicit JsLineTable(const Napi::CallbackInfo& info) : Napi::ObjectWrap<JsLineTable>(info) {
    guarded(info.Env(), [&] {
      int debug_fd = info[1].IsNumber() ? info[1].As<Napi::Number>().Int32Value() : -1;
      table_ = std::make_shared<LineTable>(info[0].As<Napi::Number>().Int32Value(), debug_fd);
    });
  }

 private:
  Napi::Value lines(const Napi::CallbackInfo& info) {
    return guarded(info.Env(), [&] {
      if (!table_) throw Napi::Error::New(info.Env(), "the line table is closed");
      auto array = info[0].As<Napi::Array>();
      std::vector<uint64_t> offsets(array.Length());
      for (uint32_t i = 0; i < offsets.size(); ++i)
        offsets[i] = static_cast<uint64_t>(array.Get(i).As<Napi::Number>().Int64Value());
      // The work holds the table too: it outlives a close() meanwhile.
      return promise_of<Answers>(
          info.Env(),
          [table = table_, offsets = std::move(offsets)] { return table->positions(offsets); },
          [](Napi::Env env, Answers& answers) { return to_js(env, answers); });
    });
  }
  void close(const Napi::CallbackInfo&) { table_.reset(); }

  std::shared_ptr<LineTable> table_;
};

Napi::Object init(Napi::Env env, Napi::Object exports) {
  auto* constructor = new Napi::FunctionReference(Napi::Persistent(JsLineTable::define(env)));
  env.SetInstanceData(constructor);
  exports["openLines"] = Napi::Function::New(env, [](const Napi::CallbackInfo& info) {
    return info.Env().GetInstanceData<Napi::FunctionReference>()->New({info[0], info[1]});
  });
  return exports;
}

}  // namespace

NODE_API_MODULE(lines, init)

}  // namespace memtrace
