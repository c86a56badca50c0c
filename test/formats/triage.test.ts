import { describe, expect, it } from 'vitest';
import { triageReport } from '../../src/domain/triage/report.ts';
import { bytes, milliseconds } from '../../src/domain/units.ts';
import { triageJson } from '../../src/formats/triage/json.ts';
import { triageText } from '../../src/formats/triage/text.ts';
import {
  cgroupUse,
  GiB,
  type Machine,
  MiB,
  processUse,
  triageHistory,
} from '../support/synthetic-triage.ts';
import { validTriage } from '../support/triage-schema.ts';

const small = { width: 80, height: 24, isRoot: false, unicode: false };

/** A machine on which much is wrong at once. */
const ill = (step: number): Machine => ({
  memory: {
    cached: bytes(4 * GiB + step * 100 * MiB),
    slabUnreclaimable: bytes(GiB + step * 8 * MiB),
  },
  counters: { refaultedFile: step * 4000, majorFaults: step * 30 },
  processes: [
    processUse('api[4121]', GiB + step * 2 * MiB, { cgroup: '/prod' }),
    processUse('evil\x1b[2J[66]', 100 * MiB, {}),
    ...Array.from({ length: 40 }, (_, i) => processUse(`worker[${500 + i}]`, 20 * MiB, null)),
  ],
  slabs: [
    {
      name: 'kmalloc-1k',
      activeObjects: 5000,
      objects: 8000 + step * 8000,
      objectSize: bytes(1024),
      size: bytes((8000 + step * 8000) * 1024),
      reclaimable: false,
    },
  ],
  cgroups: [cgroupUse('/prod', { usage: bytes(GiB), limit: bytes(4 * GiB) })],
  oomKills: [
    {
      age: milliseconds(60_000),
      pid: 9,
      command: 'old',
      cgroup: '/prod',
      anonymous: bytes(GiB),
    },
  ],
  unseen: [
    { what: 'slab caches by name', path: '/proc/slabinfo', why: 'no-privilege' },
    { what: 'memory pressure (PSI)', path: '/proc/pressure/memory', why: 'missing' },
  ],
});

const report = (script: (step: number) => Machine = ill) => triageReport(triageHistory(script));

describe('the text', () => {
  it('is one screenful of 80 columns and 24 lines on a machine with many problems', () => {
    const lines = triageText(report(), small).split('\n');
    expect(lines.length - 1).toBeLessThanOrEqual(24);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  it('has the worst verdict, what it rests on, what would refute it, and the command', () => {
    const text = triageText(report(), { ...small, width: 200 });
    expect(text).toMatch(
      /^CRITICAL: OOM kill\. The kernel killed old\[9\] 1m00s ago: the limit of/m,
    );
    expect(text).toMatch(/^ {2}because {2}ago 1m00s, its own memory 1\.00G, kills in the log 1$/m);
    expect(text).toMatch(/^ {2}unless {3}The limit was raised/m);
    expect(text).toMatch(/^ {2}next {5}memtrace triage -p 4121 {3}# which part of its memory/m);
    expect(text).toMatch(
      /^warning: api\[4121\] grows by 120 MiB\/min.* -> sudo memtrace leak -p 4121$/m,
    );
    expect(text).toContain('not visible (needs root): slab caches by name\n');
    expect(text).toContain(
      'not visible (not in this kernel or container): memory pressure (PSI)\n',
    );
  });

  it('needs no sudo for root', () => {
    expect(triageText(report(), { ...small, isRoot: true })).not.toContain('sudo');
  });

  it('shows nothing that a terminal would obey', () => {
    expect(triageText(report(), { ...small, height: 60 })).not.toMatch(/[^\n\x20-\x7e]/);
  });

  it('is the same for the same machine', () => {
    expect(triageText(report(), small)).toBe(triageText(report(), small));
  });

  it('says when too little could be read', () => {
    const nothing = report(() => ({ memory: null, processes: [], unseen: [] }));
    expect(triageText(nothing, small)).toContain('UNKNOWN: too little of /proc could be read');
  });
});

describe('the line of JSON', () => {
  it('keeps to its schema, and has every verdict with its evidence', () => {
    const line = validTriage(triageJson(report(), small));
    expect(line).toMatchObject({
      v: 1,
      type: 'triage',
      verdict: 'oom-recent',
      severity: 'critical',
      samples: 11,
      spanMs: 10_000,
      processCount: 42,
    });
    const codes = (line['verdicts'] as { code: string }[]).map(({ code }) => code);
    expect(codes).toEqual([
      'oom-recent',
      'process-leak',
      'slab-growth',
      'cache-thrash',
      'cache-growth',
    ]);
    expect((line['processes'] as object[])[0]).toMatchObject({ pid: 4121, growth: 2 * MiB });
  });

  it('keeps to its schema where nothing could be read', () => {
    const nothing = report(() => ({ memory: null, processes: [] }));
    expect(validTriage(triageJson(nothing, small))).toMatchObject({ verdict: null, memory: null });
  });
});
