import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from 'vitest';

import { hasBegun, kernelComplaint } from './kernel-complaint.ts';

const begin = '[    3.1] memtrace: the command begins';
const warning = [
  '[    1.2] ------------[ cut here ]------------',
  '[    1.2] WARNING: CPU: 0 PID: 1',
];
const quiet = '0\n0\n';

test('what the kernel warned of as it booted is not the command’s doing', () => {
  expect(kernelComplaint([...warning, begin, '[    4.0] XFS: mounted'].join('\r\n'), quiet)).toBe(
    '',
  );
  expect(kernelComplaint([begin, ...warning].join('\r\n'), quiet)).toBe(warning.join('\n'));
});

test('a guest that does not come to the command is quoted from its boot', () => {
  expect(kernelComplaint(warning.join('\n'), '')).toBe(warning.join('\n'));
});

test.for([
  '[  9.0] BUG: kernel NULL pointer dereference, address: 0000000000000008',
  '[  9.0] Oops: 0002 [#1] PREEMPT SMP NOPTI',
  '[  9.0] general protection fault, probably for non-canonical address 0xdead: 0000 [#1] SMP',
  '[  9.0] kernel BUG at mm/filemap.c:123!',
  '[  9.0] watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [node:300]',
  '[  9.0] rcu: INFO: rcu_sched self-detected stall on CPU',
  '[  9.0] Kernel panic - not syncing: Fatal exception',
])('%s', (line) => {
  const [first, ...others] = kernelComplaint(
    [
      begin,
      '[  8.0] loop0: detected',
      line,
      ...Array(40).fill('[  9.0]  ? a_function+0x1/0x2'),
    ].join('\n'),
    quiet,
  ).split('\n');
  expect(first).toBe(line);
  expect(others).toHaveLength(19);
});

test('what a process was ended for is not the kernel’s fault', () => {
  const own = '[  9.0] traps: edges[31] general protection fault ip:4011 sp:7ffd error:0 in edges';
  expect(kernelComplaint([begin, own].join('\n'), quiet)).toBe('');
});

test('a taint that is new counts, and one from before does not', () => {
  expect(kernelComplaint(begin, '512\n512\n')).toBe('');
  expect(kernelComplaint(begin, '1\n513\n')).toBe('the kernel warned (tainted: W)');
  expect(kernelComplaint(begin, '0\n4097\n')).toBe('');
  expect(kernelComplaint(begin, '0\n16512\n')).toBe(
    'the kernel died (tainted: D); a processor was locked up (tainted: L)',
  );
});

test('start.sh says where the command begins in the words that are looked for', () => {
  const script = readFileSync(path.join(import.meta.dirname, 'start.sh'), 'utf8');
  const [, words = ''] = /'<\d>(memtrace: .*)' >\/dev\/kmsg/.exec(script) ?? [];
  expect(kernelComplaint([...warning, words].join('\n'), quiet)).toBe('');
});

test('a kernel that dies as it boots has not begun the command', () => {
  expect(hasBegun('[    0.07] Kernel panic - not syncing: IO-APIC\n')).toBe(false);
  expect(hasBegun('[   23.39] memtrace: the command begins\n')).toBe(true);
});
