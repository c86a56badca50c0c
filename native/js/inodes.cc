// The addon `inodes`: looking at files by their inode number.
#include <napi.h>

#include <string>

#include "core/inode.h"
#include "js/promise.h"
#include "js/values.h"

namespace memtrace {
namespace {

std::string path_at(const Napi::CallbackInfo& info, size_t index) {
  std::vector<uint8_t> bytes = bytes_of(info[index]);
  return {bytes.begin(), bytes.end()};
}

uint64_t inode_at(const Napi::CallbackInfo& info, size_t index) {
  bool lossless = false;
  return info[index].As<Napi::BigInt>().Uint64Value(&lossless);
}

Napi::Value facts_to_js(Napi::Env env, InodeFacts& facts) {
  Napi::Object js = Napi::Object::New(env);
  js.Set("path", to_array(env, {facts.path.begin(), facts.path.end()}));
  js.Set("dirtyPages", facts.dirty_pages
                           ? Napi::Number::New(env, static_cast<double>(*facts.dirty_pages))
                           : env.Null());
  return js;
}

Napi::Value look_at_inode_js(const Napi::CallbackInfo& info) {
  std::string mount = path_at(info, 0);
  uint64_t inode = inode_at(info, 1);
  uint32_t generation = info[2].As<Napi::Number>().Uint32Value();
  return promise_of<InodeFacts>(
      info.Env(), [=] { return look_at_inode(mount, inode, generation); }, facts_to_js);
}

Napi::Value look_at_path_js(const Napi::CallbackInfo& info) {
  std::string path = path_at(info, 0);
  uint64_t inode = inode_at(info, 1);
  return promise_of<InodeFacts>(
      info.Env(), [=] { return look_at_path(path, inode); }, facts_to_js);
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  exports.Set("lookAtInode", Napi::Function::New(env, look_at_inode_js));
  exports.Set("lookAtPath", Napi::Function::New(env, look_at_path_js));
  return exports;
}

}  // namespace

NODE_API_MODULE(inodes, init)

}  // namespace memtrace
