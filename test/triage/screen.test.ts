import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { buildTarget } from '../support/build-target.ts';
import { DrawnTracer } from '../support/drawn-tracer.ts';
import { canTrace, command } from '../support/memtrace.ts';
import { asNobody, canBeNobody } from '../support/nobody.ts';
import { requires } from '../support/require.ts';
import { Target } from '../support/run-target.ts';
import { hasTmux, Terminal } from '../support/terminal.ts';
import { textBytes } from '../support/text-bytes.ts';

const program = buildTarget('pressure.c', 'dynamic') ?? '';
const canDraw = requires('tmux', hasTmux(), 'tmux is not installed');

describe.skipIf(!canDraw)('memtrace on a machine where a process leaks', () => {
  let target: Target;
  let drawn: DrawnTracer | undefined;
  let before: string;

  beforeEach(async () => {
    // 2 MB a second.
    target = await Target.start([program, 'leak', '100000']);
    before = textBytes(target.pid);
  });
  afterEach(() => {
    drawn?.close();
    target.kill();
  });

  /** Draws the screen, and goes to what it says of the process that leaks. */
  async function open(args = ''): Promise<DrawnTracer> {
    drawn = new DrawnTracer(100, 30, args);
    const { terminal } = drawn;
    await terminal.until((screen) => screen.includes(`pressure[${target.pid}] grows by`));
    terminal.type('/');
    terminal.type('-l', `pressure[${target.pid}]`);
    terminal.type('Enter');
    await terminal.until((screen) => isProposed(screen));
    return drawn;
  }

  const isProposed = (screen: string): boolean =>
    screen.includes(`next: memtrace leak -p ${target.pid} `) ||
    screen.includes(`next: sudo memtrace leak -p ${target.pid} `);

  test.skipIf(!canTrace())(
    'Enter leads from its verdict to the function that leaks, and Esc back',
    async () => {
      const { terminal } = await open();
      terminal.type('Enter');
      await terminal.until((screen) => screen.includes('keep_record [pressure]'));
      terminal.type('Enter');
      await terminal.until((screen) => screen.includes('serve_requests+0x'));
      terminal.type('Escape');
      await terminal.until((screen) => screen.includes('ALLOCATED BY'));
      terminal.type('Escape');
      await terminal.until(isProposed);
      expect(textBytes(target.pid)).toBe(before);
      terminal.type('q');
      const left = await drawn?.leftInOrder();
      expect(left).toContain(`memtrace leak -p ${target.pid}`);
    },
  );

  test.skipIf(!canTrace())(
    'q in what runs inside ends all, and leaves its report behind',
    async () => {
      const { terminal } = await open();
      terminal.type('Enter');
      await terminal.until((screen) => screen.includes('keep_record [pressure]'));
      terminal.type('q');
      await drawn?.leftInOrder();
      expect(terminal.written()).toContain('stacks with outstanding allocations:');
      expect(textBytes(target.pid)).toBe(before);
    },
  );

  test.skipIf(!canTrace())(
    'when what is traced ends, its last report stays to be read',
    async () => {
      const { terminal } = await open();
      terminal.type('Enter');
      await terminal.until((screen) => screen.includes('keep_record [pressure]'));
      target.kill();
      await terminal.until(
        (screen) =>
          screen.includes('stacks with outstanding allocations:') && screen.includes('Esc back'),
      );
      terminal.type('Escape');
      await terminal.until((screen) => screen.includes('IN FIGURES'));
      terminal.type('q');
      expect(await drawn?.leftInOrder()).toContain('memtrace triage');
    },
  );

  test.skipIf(!canTrace()).for(['SIGTERM', 'SIGHUP'] as const)(
    'after %s while it traces inside, nothing is left attached',
    async (signal) => {
      const { terminal, pid } = await open();
      terminal.type('Enter');
      await terminal.until((screen) => screen.includes('keep_record [pressure]'));
      process.kill(pid, signal);
      await drawn?.leftInOrder();
      expect(textBytes(target.pid)).toBe(before);
    },
  );

  test('i says on what the verdict rests; Esc leads back', async () => {
    const { terminal } = await open();
    terminal.type('i');
    const page = await terminal.until((screen) => screen.includes('What would show that'));
    expect(page.join('\n')).toMatch(/ \d.* own memory$/m);
    terminal.type('Escape');
    await terminal.until(isProposed);
  });

  test.skipIf(!canBeNobody())(
    'without root it says what is not visible, and what Enter would need',
    async () => {
      const terminal = new Terminal(100, 30);
      try {
        terminal.run(`${asNobody().join(' ')} ${command}`);
        await terminal.until((screen) => screen.includes(`pressure[${target.pid}] grows by`));
        expect(terminal.lines().join('\n')).toContain('not visible (needs root): ');
        terminal.type('/');
        terminal.type('-l', `pressure[${target.pid}]`);
        terminal.type('Enter');
        await terminal.until((screen) =>
          screen.includes(`next: sudo memtrace leak -p ${target.pid} `),
        );
        terminal.type('Enter');
        await terminal.until((screen) => screen.includes('CAP_BPF') && screen.includes('Esc back'));
        terminal.type('Escape');
        await terminal.until((screen) => screen.includes('IN FIGURES'));
      } finally {
        terminal.close();
      }
    },
  );
});
