import type { Runtime } from './runtime.ts';

export const dotnet: Runtime = {
  name: '.NET',
  object: /^libcoreclr\.so$/,
  explanation:
    '.NET objects live in mappings of the runtime and are not seen; its native memory and that of native libraries is. For .NET objects: dotnet-gcdump collect -p PID',
};
