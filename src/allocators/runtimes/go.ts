import type { Runtime } from './runtime.ts';

export const go: Runtime = {
  name: 'Go',
  sections: ['.go.buildinfo', '.gopclntab'],
  explanation:
    "Go's own heap does not use malloc and is not seen; C code that it calls through cgo is. For the Go heap: go tool pprof http://HOST:PORT/debug/pprof/heap",
};
