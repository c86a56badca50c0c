import { readFileSync } from 'node:fs';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { buildTarget } from '../support/build-target.ts';
import { DrawnTracer } from '../support/drawn-tracer.ts';
import { canTrace } from '../support/memtrace.ts';
import { requires } from '../support/require.ts';
import { Target } from '../support/run-target.ts';
import { hasTmux } from '../support/terminal.ts';
import { textBytes } from '../support/text-bytes.ts';

const program = buildTarget('scale.c', 'dynamic') ?? '';
const canDraw = requires('tmux', hasTmux(), 'tmux is not installed');

const source = readFileSync(path.resolve(import.meta.dirname, '../targets/scale.c'), 'utf8');
/** Where by_beside() calls malloc(). */
const callLine = source.split('\n').findIndex((line) => line.includes('malloc(1024)')) + 1;

const isAttached = (screen: string): boolean => screen.includes('ALLOCATED BY');
const hasLeak = (screen: string): boolean => /^>? +3\.00K +3 .*by_beside \[scale\]/m.test(screen);

describe.skipIf(!canTrace() || !canDraw)('the screen on a process that runs', () => {
  let target: Target;
  let tracer: DrawnTracer | undefined;
  let before: string;

  beforeEach(async () => {
    target = await Target.start([program]);
    before = textBytes(target.pid);
  });
  afterEach(() => {
    tracer?.close();
    target.kill();
  });

  /** Draws the screen, and has three blocks of 1024 bytes leaked under it. */
  async function open(): Promise<DrawnTracer> {
    // Wide, for the path of the source stands on one line.
    tracer = new DrawnTracer(200, 30, `leak -p ${target.pid}`);
    await tracer.terminal.until(isAttached);
    await target.run('by_beside', 3);
    await tracer.terminal.until(hasLeak);
    return tracer;
  }

  test('names what leaks, opens its source line, and leaves the report behind', async () => {
    const drawn = await open();
    const { terminal } = drawn;
    terminal.type('Enter');
    const stack = await terminal.until((screen) => screen.includes('scale.c:'));
    expect(stack.join('\n')).toMatch(
      new RegExp(`0 {2}by_beside\\+0x[0-9a-f]+ \\[scale\\] +\\S*scale\\.c:${callLine}`),
    );
    expect(stack.join('\n')).toContain('(3072 bytes) in 3 blocks');
    terminal.type('Escape');
    await terminal.until(hasLeak);
    terminal.type('q');
    const left = await drawn.leftInOrder();
    expect(left).toContain('Top 1 stacks with outstanding allocations:');
    expect(left).toContain('3072 bytes in 3 allocations from stack');
    expect(left).toMatch(
      new RegExp(`by_beside\\+0x[0-9a-f]+ \\[scale\\] # .*scale\\.c:${callLine}`),
    );
    expect(textBytes(target.pid)).toBe(before);
    expect(await target.finish(7)).toBe(7);
  });

  test.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'after %s the terminal is as it was, with the report on it',
    async (signal) => {
      const drawn = await open();
      process.kill(drawn.pid, signal);
      expect(await drawn.leftInOrder()).toContain('3072 bytes in 3 allocations from stack');
      expect(textBytes(target.pid)).toBe(before);
      expect(await target.finish(7)).toBe(7);
    },
  );

  test('when the target ends, its last report is left behind, with names', async () => {
    const drawn = await open();
    expect(await target.finish(7)).toBe(7);
    const left = await drawn.leftInOrder();
    expect(left).toContain('3072 bytes in 3 allocations from stack');
    expect(left).toMatch(/by_beside\+0x[0-9a-f]+ \[scale\]/);
  });

  test('when the terminal is closed, memtrace detaches and ends', async () => {
    const { pid, terminal } = await open();
    terminal.close();
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), {
      timeout: 30_000,
    });
    expect(textBytes(target.pid)).toBe(before);
    expect(await target.finish(7)).toBe(7);
  });

  test('a terminal that cannot draw gets lines', async () => {
    tracer = new DrawnTracer(200, 30, `leak -p ${target.pid} 1`, { TERM: 'dumb' });
    const { terminal } = tracer;
    await terminal.until((screen) => screen.includes('Attaching to pid'));
    await target.run('by_beside', 3);
    await terminal.until((screen) => screen.includes('3072 bytes in 3 allocations from stack'));
    terminal.type('C-c');
    await terminal.until((screen) => /^status 0$/m.test(screen));
    expect(terminal.written()).not.toContain('\u001B[?1049h');
  });
});
