import { cpython } from './cpython.ts';
import { dotnet } from './dotnet.ts';
import { go } from './go.ts';
import { java } from './java.ts';
import { ruby } from './ruby.ts';
import type { Runtime } from './runtime.ts';
import { v8 } from './v8.ts';

/** Every runtime that is known; in the order in which they are explained. */
export const runtimes: readonly Runtime[] = [go, java, v8, cpython, ruby, dotnet];

/** Runtimes of a process, by the file names of its mapped objects and the sections of its executable. */
export function runtimesOf(fileNames: readonly string[], sections: readonly string[]): Runtime[] {
  return runtimes.filter(
    (runtime) =>
      fileNames.some((name) => runtime.object?.test(name)) ||
      runtime.sections?.some((section) => sections.includes(section)),
  );
}
