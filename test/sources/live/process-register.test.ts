import { execFileSync } from 'node:child_process';
import path from 'node:path';

import { expect, it } from 'vitest';

import { ProcessRegister } from '../../../src/sources/live/cache/process-register.ts';
import { requires } from '../../support/require.ts';

const module = path.resolve(
  import.meta.dirname,
  '../../../src/sources/live/cache/process-register.ts',
);
const entry = {
  id: 7n << 32n,
  pid: 7,
  uid: 0,
  command: 'cat',
  isKernelThread: false,
};

function inOwnNamespace(): string | null {
  const script = `const { livingPids } = await import(${JSON.stringify(module)}); console.log(await livingPids());`;
  try {
    const node = [process.execPath, '--input-type=module', '-e', script];
    return execFileSync('unshare', ['--pid', '--fork', '--mount-proc', ...node], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return null;
  }
}

it('a process has exited when its pid is not there any more', () => {
  const register = new ProcessRegister();
  register.update([entry], new Set([7]));
  expect(register.get(entry.id).alive).toBe(true);
  register.update([], new Set([8]));
  expect(register.get(entry.id).alive).toBe(false);
});

it('in a pid namespace of its own nobody is taken for one that has exited', ({ skip }) => {
  const said = inOwnNamespace();
  if (!requires('pid-namespace', said !== null, 'unshare --pid is refused')) skip();
  expect(said?.trim()).toBe('null');
  const register = new ProcessRegister();
  register.update([entry], null);
  register.update([], null);
  expect(register.get(entry.id).alive).toBe(true);
});
