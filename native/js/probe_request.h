// What src/native/bpf.ts calls AttachRequest.
#ifndef MEMTRACE_JS_PROBE_REQUEST_H_
#define MEMTRACE_JS_PROBE_REQUEST_H_

#include <napi.h>

#include <string>

#include "core/attach.h"
#include "core/system_error.h"
#include "js/values.h"

namespace memtrace {

inline ProbeRequest request_of(const Napi::Object& from) {
  ProbeRequest request;
  std::string kind = text_at(from, "kind");
  if (kind == "session")
    request.kind = LinkKind::kUprobeSession;
  else if (kind == "multi")
    request.kind = LinkKind::kUprobeMulti;
  else if (kind == "perf-event")
    request.kind = LinkKind::kUprobePerf;
  else if (kind == "tracepoint")
    request.kind = LinkKind::kTracepoint;
  else if (kind == "raw-tracepoint")
    request.kind = LinkKind::kRawTracepoint;
  else if (kind == "trace")
    request.kind = LinkKind::kTrace;
  else if (kind == "kprobe")
    request.kind = LinkKind::kKprobe;
  else
    throw SystemError("attach", kind, EINVAL);
  request.program = text_at(from, "program");
  request.path = text_at(from, "path");
  request.offsets = numbers_of(from.Get("offsets"));
  request.cookies = numbers_of(from.Get("cookies"));
  if (from.Get("pid").IsNumber()) request.pid = from.Get("pid").As<Napi::Number>().Int32Value();
  request.at_return = from.Get("atReturn").ToBoolean();
  request.function = text_at(from, "function");
  request.category = text_at(from, "category");
  request.event = text_at(from, "event");
  return request;
}

}  // namespace memtrace

#endif  // MEMTRACE_JS_PROBE_REQUEST_H_
