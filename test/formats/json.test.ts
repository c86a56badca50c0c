import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { formats } from '../../src/formats/index.ts';
import { json } from '../../src/formats/json.ts';
import { heapFromText } from '../support/heap-from-text.ts';
import { wholeReport } from './whole-report.ts';

const schema = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../docs/leak.schema.json'), 'utf8'),
) as { $defs: Record<string, unknown> };

/** The schema, with members that it does not name forbidden: readers ignore them, but we have to document them. */
const closed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, each]) => [name, closed(each)] as const);
  const isObject = 'properties' in value && 'required' in value;
  return Object.fromEntries([...members, ...(isObject ? [['additionalProperties', false]] : [])]);
};

const lines = ['meta', 'report', 'trace'];
const strict = {
  ...schema,
  unevaluatedProperties: false,
  $defs: Object.fromEntries(
    Object.entries(schema.$defs).map(([name, def]) => {
      const each = closed(def) as Record<string, unknown>;
      if (lines.includes(name)) delete each['additionalProperties'];
      return [name, each];
    }),
  ),
};
const validate = new Ajv2020({ formats: { 'date-time': /^\d{4}-\d\d-\d\dT[\d:.]+Z$/ } }).compile(
  strict,
);

/** The object of the only line. */
function parsed(output: string): Record<string, unknown> {
  expect(output.indexOf('\n')).toBe(output.length - 1);
  const line = JSON.parse(output) as Record<string, unknown>;
  validate(line);
  expect(validate.errors ?? []).toEqual([]);
  return line;
}

const none = new Map();

describe('a line of JSON keeps to docs/leak.schema.json', () => {
  it.each([
    { kind: 'processes', pids: [1, 2] },
    { kind: 'command', argv: ['./app', '-x'] },
    { kind: 'kernel' },
  ] as const)('that opens the output: $kind', (target) => {
    expect(parsed(json.opening({ at: 0, target }))).toEqual({
      v: 1,
      type: 'meta',
      time: '1970-01-01T00:00:00.000Z',
      target,
    });
  });

  it('of an event, with and without a stack', () => {
    const [stack] = heapFromText('bytes 1\n      main').stacks.values();
    const event = {
      at: 2,
      pid: 1,
      tid: 1,
      command: 'a',
      what: 'free' as const,
      address: 1n,
      size: 0,
    };
    expect(parsed(json.event({ ...event, stack: null }, 0))).toMatchObject({ address: '0x1' });
    expect(parsed(json.event({ ...event, stack: stack ?? null }, 0))).toMatchObject({
      frames: [{ symbol: 'main', address: '0x400004' }],
    });
  });

  it('of a report in which everything occurs', () => {
    const report = wholeReport({ perProcess: true });
    const stacks = new Map(
      [...report.snapshot.stacks].map(([id, stack]) => {
        const frames = stack.frames.map((frame) => ({
          ...frame,
          path: '/bin/app',
          file: 'app.c',
          line: 3,
          inlined: true,
          mayHideCaller: true,
        }));
        return [id, { ...stack, frames }];
      }),
    );
    expect(parsed(json.report(report, stacks, { blocks: true }))).toMatchObject({
      time: '2026-11-21T02:53:38.000Z',
      elapsedMs: 10_000,
      outstanding: { bytes: 16_482, blocks: 5 },
      siteCount: 5,
      losses: [{ reason: 'blocks-full', count: 1200, bytes: 4096 }, { reason: 'busy' }],
      truncatedStacks: { stacks: 1, bytes: 10 },
      costNs: 25_000_001,
    });
  });

  it('of the last report', () => {
    const report = wholeReport();
    const last = { ...report, snapshot: { ...report.snapshot, ended: 'target-exited' as const } };
    expect(parsed(json.report(last, none, { blocks: false }))['ended']).toBe('target-exited');
  });
});

it('gives a row for each process, with its counters and evidence', () => {
  const { sites } = parsed(
    json.report(wholeReport({ perProcess: true }), none, { blocks: true }),
  ) as {
    sites: Record<string, unknown>[];
  };
  expect(sites[0]).toMatchObject({
    pid: 1,
    outstandingBytes: 8192,
    outstandingBlocks: 1,
    allocatedBytes: 8192,
    freedBlocks: 0,
    growthBytesPerSecond: 2048,
    oldestMs: 7000,
    oldestIsExact: true,
    medianLifetimeMs: null,
    stackEnd: 'root',
    frames: [
      { symbol: 'fibonacci', offset: 9, module: 'app' },
      { symbol: 'child' },
      { symbol: 'main' },
    ],
    blocks: [{ address: '0x3000', size: 8192, ageMs: 7000 }],
  });
  expect(sites[1]).toMatchObject({ pid: 2, outstandingBytes: 8192 });
});

it('has no blocks where they were not asked for', () => {
  const { sites } = parsed(json.report(wholeReport(), none, { blocks: false })) as {
    sites: object[];
  };
  expect(sites.filter((site) => 'blocks' in site)).toEqual([]);
});

it.each(Object.keys(formats))('%s ends every line that it begins', (name) => {
  const format = formats[name as keyof typeof formats];
  const report = format.report(wholeReport(), none, { blocks: true });
  expect(report.endsWith('\n')).toBe(true);
  expect(report.includes('\n\n')).toBe(false);
});
