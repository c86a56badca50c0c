import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { capabilitiesOf } from '../../src/system/capabilities.ts';
import { parseStat, readStat } from '../../src/system/stat.ts';
import { parseStatus, readStatus } from '../../src/system/status.ts';

describe('parseStatus', () => {
  const status = parseStatus(
    readFileSync(new URL('./fixtures/status-sandboxed.txt', import.meta.url), 'utf8'),
  );

  it('reads the fields of a sandboxed process in a PID namespace', () => {
    expect(status).toEqual({
      name: 'nginx\\w\nb',
      tgid: 4711,
      parent: 4690,
      namespacePids: [4711, 12],
      effectiveUid: 33,
      effectiveCapabilities: 0xc000080000n,
      seccomp: 'filter',
      threadFeatures: ['shstk', 'wrss'],
    });
  });

  it('names the capabilities of its bit set', () => {
    expect([...capabilitiesOf(status.effectiveCapabilities)]).toEqual([
      'CAP_SYS_PTRACE',
      'CAP_PERFMON',
      'CAP_BPF',
    ]);
  });

  it('takes fields that an older kernel lacks as empty', () => {
    expect(parseStatus('Name:\tsh\nTgid:\t7\n')).toMatchObject({
      seccomp: 'none',
      threadFeatures: [],
      namespacePids: [],
    });
  });
});

describe('parseStat', () => {
  const after = 'S 2 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 42 0 0 18446744073709551615';

  it('reads a comm that holds spaces and parentheses', () => {
    expect(parseStat(`77 (a) b (c) ${after}`)).toEqual({
      pid: 77,
      command: 'a) b (c',
      state: 'S',
      parent: 2,
      kernelThread: true,
      startTime: 42n,
    });
  });

  it('says so where the text has another form', () => {
    expect(() => parseStat('77 (cut')).toThrow(/unknown form/);
  });
});

describe('the files of this process', () => {
  it('name it, its parent, and that it is no kernel thread', async () => {
    const [stat, status] = await Promise.all([readStat(process.pid), readStatus('self')]);
    expect(stat).toMatchObject({ pid: process.pid, parent: process.ppid, kernelThread: false });
    expect(status).toMatchObject({
      tgid: process.pid,
      parent: process.ppid,
      effectiveUid: process.geteuid?.(),
    });
  });
});
