// Residency of files in JavaScript's terms. src/native/residency.ts has the types.
#include "core/residency.h"

#include <napi.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "core/directory.h"
#include "js/errors.h"
#include "js/promise.h"
#include "js/values.h"

namespace memtrace {
namespace {

using Files = std::vector<FileResidency>;

// Paths are bytes: they come as one array, each ended by a zero byte.
std::vector<std::string> split(const std::vector<uint8_t>& bytes) {
  std::vector<std::string> paths;
  for (auto at = bytes.begin(); at != bytes.end();) {
    auto end = std::find(at, bytes.end(), uint8_t{0});
    paths.emplace_back(at, end);
    at = end == bytes.end() ? end : end + 1;
  }
  return paths;
}

template <typename Member>
Napi::Value numbers(Napi::Env env, const Files& files, Member member) {
  auto column = Napi::Float64Array::New(env, files.size());
  for (size_t i = 0; i < files.size(); ++i) column[i] = static_cast<double>(member(files[i]));
  return column;
}

Napi::Value cells_of(Napi::Env env, const Files& files) {
  Napi::Object js = Napi::Object::New(env);
  for (uint32_t i = 0; i < files.size(); ++i) {
    const std::vector<double>& from = files[i].cells;
    if (from.empty()) continue;
    auto cells = Napi::Float64Array::New(env, from.size());
    std::copy(from.begin(), from.end(), cells.Data());
    js.Set(i, cells);
  }
  return js;
}

Napi::Value ranges_of(Napi::Env env, const Files& files) {
  Napi::Object js = Napi::Object::New(env);
  for (uint32_t i = 0; i < files.size(); ++i) {
    const std::vector<PageRange>& from = files[i].ranges;
    if (from.empty()) continue;
    auto ranges = Napi::Float64Array::New(env, from.size() * 4);
    size_t at = 0;
    for (const PageRange& range : from)
      for (uint64_t value : {range.first, range.pages, range.dirty, range.writeback})
        ranges[at++] = static_cast<double>(value);
    js.Set(i, ranges);
  }
  return js;
}

Napi::Value to_js(Napi::Env env, const Files& files) {
  auto js = Napi::Object::New(env);
  auto number_column = [&](const char* name, auto member) {
    js[name] = numbers(env, files, member);
  };
  using File = const FileResidency&;
  number_column("outcome", [](File file) { return static_cast<int>(file.outcome); });
  number_column("method", [](File file) { return static_cast<int>(file.method); });
  number_column("errno", [](File file) { return file.error; });
  number_column("mode", [](File file) { return file.mode; });
  number_column("links", [](File file) { return file.links; });
  number_column("size", [](File file) { return file.size; });
  number_column("modifiedMs", [](File file) { return file.modified_ms; });
  number_column("fileSystem", [](File file) { return file.file_system; });
  number_column("pages", [](File file) { return file.pages; });
  number_column("cached", [](File file) { return file.counts.cached; });
  number_column("dirty", [](File file) { return file.counts.dirty; });
  number_column("writeback", [](File file) { return file.counts.writeback; });
  number_column("evicted", [](File file) { return file.counts.evicted; });
  number_column("recentlyEvicted", [](File file) { return file.counts.recently_evicted; });
  number_column("device", [](File file) { return file.device; });
  // An inode may need all of its 64 bits, which a number does not have.
  number_column("inodeHigh", [](File file) { return file.inode >> 32; });
  number_column("inodeLow", [](File file) { return file.inode & 0xffffffff; });
  js["cells"] = cells_of(env, files);
  js["ranges"] = ranges_of(env, files);
  return js;
}

class JsResidencyReader final : public Napi::ObjectWrap<JsResidencyReader> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "ResidencyReader",
                       {InstanceMethod<&JsResidencyReader::measure>("measure"),
                        InstanceMethod<&JsResidencyReader::stop>("stop")});
  }

  explicit JsResidencyReader(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<JsResidencyReader>(info),
        stopped_(std::make_shared<std::atomic<bool>>(false)) {}

 private:
  Napi::Value measure(const Napi::CallbackInfo& info) {
    return guarded(info.Env(), [&] {
      auto asked = info[1].As<Napi::Object>();
      ResidencyWanted wanted;
      wanted.cells = asked.Get("cells").As<Napi::Number>().Uint32Value();
      wanted.ranges = asked.Get("ranges").As<Napi::Boolean>();
      std::vector<uint8_t> directory;
      if (info[2].IsTypedArray()) directory = bytes_of(info[2]);
      return promise_of<Files>(
          info.Env(),
          [paths = split(bytes_of(info[0])), wanted, stopped = stopped_,
           directory = std::string(directory.begin(), directory.end())] {
            return measure_residency(paths, wanted, *stopped, directory);
          },
          [](Napi::Env env, Files& files) { return to_js(env, files); });
    });
  }
  void stop(const Napi::CallbackInfo&) { *stopped_ = true; }

  std::shared_ptr<std::atomic<bool>> stopped_;
};

Napi::Array names(Napi::Env env, const std::vector<std::string>& from) {
  Napi::Array array = Napi::Array::New(env, from.size());
  for (uint32_t i = 0; i < from.size(); ++i) array[i] = Napi::String::New(env, from[i]);
  return array;
}

// list(path, withLinks)
Napi::Value list(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    std::vector<uint8_t> path = bytes_of(info[0]);
    bool with_links = info[1].As<Napi::Boolean>();
    return promise_of<Listing>(
        info.Env(),
        [path = std::string(path.begin(), path.end()), with_links] {
          return list_directory(path, with_links);
        },
        [](Napi::Env env, Listing& listing) {
          auto js = Napi::Object::New(env);
          js["errno"] = Napi::Number::New(env, listing.error);
          js["files"] = to_array(env, listing.files);
          js["others"] = to_array(env, listing.others);
          js["links"] = Napi::Number::New(env, listing.links);
          js["special"] = Napi::Number::New(env, listing.special);
          return js;
        });
  });
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  exports["ResidencyReader"] = JsResidencyReader::define(env);
  exports["list"] = Napi::Function::New(env, list);
  exports["outcomes"] = names(env, kOutcomeNames);
  exports["methods"] = names(env, kMethodNames);
  exports["pageSize"] = Napi::Number::New(env, static_cast<double>(page_size()));
  return exports;
}

}  // namespace

NODE_API_MODULE(residency, init)

}  // namespace memtrace
