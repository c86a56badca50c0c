import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { buildTarget } from '../support/build-target.ts';
import { canTrace, runMemtrace, Tracer } from '../support/memtrace.ts';
import { type Report, sitesThrough } from '../support/report.ts';
import { Target } from '../support/run-target.ts';

const program = buildTarget('kernel.c', 'dynamic') ?? '';
const pipeSites = (report: Report): number =>
  sitesThrough(report, 'alloc_pipe_info').reduce((sum, site) => sum + site.outstandingBlocks, 0);

describe.skipIf(!canTrace())('without a target the kernel is traced', () => {
  let target: Target;

  beforeAll(async () => {
    target = await Target.start([program]);
  });
  afterAll(() => target.kill());

  test('400 pipes are at least 400 blocks by alloc_pipe_info, and none when they are closed', async () => {
    const tracer = await Tracer.attach(['1']);
    await target.run('open_pipes', 400);
    const open = await tracer.report((report) => pipeSites(report) >= 400);
    expect(sitesThrough(open, 'alloc_pipe_info')[0]?.frames[0]?.module).toBe('kernel');
    await target.run('close_pipes', 400);
    const closed = await tracer.report((report) => pipeSites(report) < 100);
    expect(pipeSites(closed)).toBeGreaterThanOrEqual(0);
    await tracer.stop();
    expect(await target.finish(7)).toBe(7);
  });

  test('as text it has the lines that memleak has', async () => {
    const { code, stdout } = await runMemtrace(['leak', '1', '1']);
    expect(stdout).toMatch(/^\[\d\d:\d\d:\d\d\] Top \d+ stacks with outstanding allocations:/m);
    expect(stdout).toMatch(/^\s*\d+ bytes in \d+ allocations from stack/m);
    expect(stdout).toMatch(/\+0x[0-9a-f]+ \[kernel\]/);
    expect(code).toBe(0);
  });
});
