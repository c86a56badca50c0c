import type { Runtime } from './runtime.ts';

export const java: Runtime = {
  name: 'Java',
  object: /^libjvm\.so$/,
  explanation:
    'Java objects live in mappings that the JVM makes at its start and are not seen; its native memory (JNI, compilers, direct buffers) is. For Java objects: jcmd PID GC.class_histogram',
};
