declare module 'gecko-profiler-demangle/index_bg.js' {
  export function demangle_any(symbol: string): string;
  export function __wbg_set_wasm(exports: unknown): void;
}

// The part of TypeScript's DOM library that is used outside of browsers.
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Record<string, unknown>);
    readonly exports: Record<string, unknown>;
  }
}
