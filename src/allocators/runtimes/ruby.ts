import type { Runtime } from './runtime.ts';

export const ruby: Runtime = {
  name: 'Ruby',
  object: /^(ruby\d?(\.\d+)?|libruby.*\.so.*)$/,
  explanation:
    'Ruby objects live in heap pages that Ruby allocates whole, and are seen only as pages; strings, arrays and C extensions that outgrow a slot are seen. For Ruby objects: ObjectSpace.dump_all',
};
