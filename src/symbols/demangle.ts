import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import * as glue from 'gecko-profiler-demangle/index_bg.js';

const rustHash = /::h[0-9a-f]{16}$/;
const mangled = /^_[ZR]/;
const known = new Map<string, string>();
let ready = false;

// The package is made for bundlers: its WASM is instantiated here by hand.
function instantiate(): void {
  const file = createRequire(import.meta.url).resolve('gecko-profiler-demangle/index_bg.wasm');
  const module = new WebAssembly.Module(readFileSync(file));
  const { exports } = new WebAssembly.Instance(module, { './index_bg.js': glue as never });
  glue.__wbg_set_wasm(exports);
  (exports['__wbindgen_start'] as (() => void) | undefined)?.();
  ready = true;
}

/** The name as its language writes it (C++, Rust v0 and legacy); what is not mangled, or wrongly, stays as it is. */
export function demangle(symbol: string): string {
  if (!mangled.test(symbol)) return symbol;
  const cached = known.get(symbol);
  if (cached !== undefined) return cached;
  const demangled = tryDemangle(symbol).replace(rustHash, '');
  // From what it does not know it takes the first underscore, as Mach-O has one more.
  const name = demangled === '' || demangled === symbol.slice(1) ? symbol : demangled;
  known.set(symbol, name);
  return name;
}

function tryDemangle(symbol: string): string {
  try {
    if (!ready) instantiate();
    return glue.demangle_any(symbol);
  } catch {
    // A trap leaves the instance as it was in the middle of its work.
    ready = false;
    return symbol;
  }
}
