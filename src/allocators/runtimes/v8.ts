import type { Runtime } from './runtime.ts';

export const v8: Runtime = {
  name: 'V8',
  object: /^(node|nodejs|electron|deno|libnode\.so.*|libv8\.so)$/,
  explanation:
    'JavaScript objects live in mappings of V8 and are not seen; buffers, addons and the runtime itself are. For JavaScript objects: a heap snapshot (node --heapsnapshot-signal)',
};
