// Source positions in JavaScript's terms. src/native/elf.ts has the types.
#include <napi.h>

#include <memory>

#include "core/line_table.h"
#include "js/errors.h"

namespace memtrace {
namespace {

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
      table_ = std::make_unique<LineTable>(info[0].As<Napi::Number>().Int32Value(), debug_fd);
    });
  }

 private:
  Napi::Value lines(const Napi::CallbackInfo& info) {
    return guarded(info.Env(), [&] {
      if (!table_) throw Napi::Error::New(info.Env(), "the line table is closed");
      auto offset = static_cast<uint64_t>(info[0].As<Napi::Number>().Int64Value());
      Napi::Array js = Napi::Array::New(info.Env());
      for (const Position& position : table_->positions(offset)) {
        Napi::Object each = Napi::Object::New(info.Env());
        each["symbol"] = position.symbol.empty()
                             ? info.Env().Null()
                             : Napi::Value(Napi::String::New(info.Env(), position.symbol));
        each["file"] = position.file.empty()
                           ? info.Env().Null()
                           : Napi::Value(Napi::String::New(info.Env(), position.file));
        each["line"] = position.line == 0
                           ? info.Env().Null()
                           : Napi::Value(Napi::Number::New(info.Env(), position.line));
        js[js.Length()] = each;
      }
      return js;
    });
  }
  void close(const Napi::CallbackInfo&) { table_.reset(); }

  std::unique_ptr<LineTable> table_;
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
