import type { Runtime } from './runtime.ts';

export const cpython: Runtime = {
  name: 'Python',
  object: /^(python\d?(\.\d+)?[a-z]*|libpython\d.*\.so.*)$/,
  explanation:
    'Python objects of up to 512 bytes live in arenas that Python maps, and are seen only as arenas; larger ones and those of C extensions are seen. To see all, start it with PYTHONMALLOC=malloc; for Python lines: tracemalloc',
};
