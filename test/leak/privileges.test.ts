import { afterEach, describe, expect, test } from 'vitest';

import { buildTarget } from '../support/build-target.ts';
import { canTrace, runMemtrace, Tracer } from '../support/memtrace.ts';
import { asNobody, canBeNobody } from '../support/nobody.ts';
import { keptBy } from '../support/report.ts';
import { Target } from '../support/run-target.ts';

const family = buildTarget('family.c', 'dynamic') ?? '';

const here = canTrace() && canBeNobody();

describe.skipIf(!here)('as nobody, with some capabilities', () => {
  let target: Target | undefined;
  afterEach(() => target?.kill());

  test('CAP_BPF and CAP_PERFMON are enough for a process of one’s own', async () => {
    target = await Target.start([...asNobody(), family]);
    const tracer = await Tracer.attach(['-p', `${target.pid}`, '1'], {
      wrapper: asNobody('bpf', 'perfmon'),
    });
    await target.run('by_malloc_small', 3);
    expect(keptBy(await tracer.stop(), 'by_malloc_small')).toEqual({ bytes: 300, blocks: 3 });
    expect(await target.finish(7)).toBe(7);
  });

  test('CAP_SYS_PTRACE beside them is enough for a process of root’s', async () => {
    target = await Target.start([family]);
    const tracer = await Tracer.attach(['-p', `${target.pid}`, '1'], {
      wrapper: asNobody('bpf', 'perfmon', 'sys_ptrace'),
    });
    await target.run('by_malloc_small', 3);
    expect(keptBy(await tracer.stop(), 'by_malloc_small')).toEqual({ bytes: 300, blocks: 3 });
  });

  test.for([
    { held: ['perfmon'], missing: 'CAP_BPF' },
    { held: ['bpf'], missing: 'CAP_PERFMON' },
    { held: ['bpf', 'perfmon'], missing: 'CAP_SYS_PTRACE' },
  ])('with $held for a process of root’s it says that $missing is missing', async (row) => {
    target = await Target.start([family]);
    const outcome = await runMemtrace(['leak', '-p', `${target.pid}`, '1', '1'], {
      wrapper: asNobody(...row.held),
    });
    expect(outcome.stderr).toContain(row.missing);
    expect(outcome.code).toBe(77);
  });
});
