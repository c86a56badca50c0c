import { describe, expect, it } from 'vitest';
import { runtimesOf } from '../../src/allocators/runtimes/index.ts';

const names = (files: readonly string[], sections: readonly string[] = []) =>
  runtimesOf(files, sections).map((runtime) => runtime.name);

describe('runtimesOf', () => {
  it.each([
    [['node', 'libc.so.6'], 'V8'],
    [['python3.11', 'libc.so.6'], 'Python'],
    [['app', 'libpython3.12.so.1.0'], 'Python'],
    [['java', 'libjvm.so'], 'Java'],
    [['ruby3.1'], 'Ruby'],
    [['dotnet', 'libcoreclr.so'], '.NET'],
  ])('finds in %j the runtime %s', (files, expected) => {
    expect(names(files)).toEqual([expected]);
  });

  it("finds Go by the executable's sections, also beside a C library", () => {
    expect(names(['server', 'libc.so.6'], ['.text', '.gopclntab'])).toEqual(['Go']);
  });

  it('finds none in a plain program, nor in names that only begin alike', () => {
    expect(names(['nodejs-exporter', 'python-proxy.sh', 'libc.so.6'], ['.text'])).toEqual([]);
  });
});
