import { describe, expect, it } from 'vitest';
import { History } from '../../src/domain/history.ts';
import { leakReport, type ReportOptions } from '../../src/domain/leak-report.ts';
import type { Image, LeakSnapshot } from '../../src/domain/leak-snapshot.ts';
import type { ReportRow } from '../../src/domain/report-row.ts';
import { bytes, milliseconds } from '../../src/domain/units.ts';
import { heapFromText } from '../support/heap-from-text.ts';

const all: ReportOptions = {
  top: Infinity,
  sort: 'size',
  olderThan: milliseconds(0),
  perProcess: false,
};
const report = (
  snapshot: LeakSnapshot,
  options: Partial<ReportOptions> = {},
  history = new History(),
) => leakReport(snapshot, history, { ...all, ...options });

const names = (rows: readonly ReportRow[]): string[] =>
  rows.map(({ stack, live }) => {
    const frames = stack.frames.map((frame) => frame.symbol).join('<');
    return `${frames} ${live.bytes}/${live.blocks}`;
  });

const threeSites = `
  bytes  64      64     4096
         main    main   main
         serve   serve  loadConfig
         parse   cache
`;

const forked = `
  bytes  100    10     1
  pid    1      2      2
         main   main   main
         work   work   idle
`;

const image = (id: number, state: Image['state']): Image => ({
  id,
  pid: id,
  command: 'app',
  parent: id === 1 ? 0 : 1,
  state,
  blindMs: milliseconds(0),
});

describe('the rows of a report', () => {
  it('are the stacks with outstanding bytes, largest first, equal ones always in the same order', () => {
    expect(names(report(heapFromText(threeSites)).rows)).toEqual([
      'loadConfig<main 4096/1',
      'cache<serve<main 64/1',
      'parse<serve<main 64/1',
    ]);
  });

  it('leave out what was freed, and count it', () => {
    const { rows, live, allocated, freed } = report(
      heapFromText(`
        bytes  64    64    32
        lived  -     5     7
               main  main  main
      `),
    );
    expect(names(rows)).toEqual(['main 64/1']);
    expect(rows[0]).toMatchObject({ freed: { bytes: 96, blocks: 2 }, freedShare: 2 / 3 });
    expect({ live, allocated, freed }).toEqual({
      live: { bytes: 64, blocks: 1 },
      allocated: { bytes: 160, blocks: 3 },
      freed: { bytes: 96, blocks: 2 },
    });
  });

  it('are none where all was freed: 0 bytes in 0 blocks', () => {
    const { rows, rowCount, live } = report(heapFromText('bytes 64\nlived 1\n      main'));
    expect(rows).toEqual([]);
    expect(rowCount).toBe(0);
    expect(live).toEqual({ bytes: 0, blocks: 0 });
  });

  it('have blocks of no bytes: malloc(0) is a block that leaks', () => {
    expect(names(report(heapFromText('bytes 0\n      main')).rows)).toEqual(['main 0/1']);
  });

  it('are cut to the top, while totals are of all', () => {
    const { rows, rowCount, live } = report(heapFromText(threeSites), { top: 1 });
    expect(names(rows)).toEqual(['loadConfig<main 4096/1']);
    expect(rowCount).toBe(3);
    expect(live).toEqual({ bytes: 4224, blocks: 3 });
  });

  it.each([
    ['size', ['once', 'often', 'early']],
    ['count', ['often', 'once', 'early']],
    ['age', ['early', 'often', 'once']],
  ] as const)('are sorted by %s', (sort, order) => {
    const drawing = `
      bytes  1000  100    100    10
      born   9000  2000   9500   1
             once  often  often  early
    `;
    expect(report(heapFromText(drawing), { sort }).rows.map((row) => row.stack.id)).toEqual(order);
  });
});

describe('stacks that are equal frame by frame', () => {
  it('are one row over all processes, with their pids', () => {
    const { rows } = report(heapFromText(forked));
    expect(names(rows)).toEqual(['work<main 110/2', 'idle<main 1/1']);
    expect(rows.map((row) => row.pids)).toEqual([[1, 2], [2]]);
  });

  it('are a row for each process where that was asked for', () => {
    const { rows } = report(heapFromText(forked), { perProcess: true });
    expect(rows.map((row) => [row.pids, row.live.bytes])).toEqual([
      [[1], 100],
      [[2], 10],
      [[2], 1],
    ]);
  });

  it('stay apart where one of them is cut', () => {
    const drawing = `
      bytes  8     8
             main  ~
             work  main
                   work
    `;
    const { rows, truncated } = report(heapFromText(drawing));
    expect(rows).toHaveLength(2);
    expect(truncated).toEqual({ stacks: 1, bytes: 8 });
  });

  it('stay apart where no symbol tells code of a JIT from other code of it', () => {
    const drawn = heapFromText('bytes 8 8\n      a b');
    const stacks = new Map(
      [...drawn.stacks.values()].map((stack, i) => {
        const frames = [{ address: BigInt(i), symbol: null, offset: 0, module: 'jit' }];
        return [stack.id, { ...stack, frames }];
      }),
    );
    expect(report({ ...drawn, stacks }).rows).toHaveLength(2);
  });
});

describe('processes that ended', () => {
  const images = (state: Image['state']) => [image(1, 'running'), image(2, state)];

  it('hold nothing any more, and what they held is a notice', () => {
    const { rows, notices } = report(heapFromText(forked, { images: images('exited') }));
    expect(names(rows)).toEqual(['work<main 100/1']);
    expect(notices).toEqual([
      {
        code: 'exited-holding',
        text: '1 process has exited holding 11 bytes that were never freed; the kernel has taken them back',
      },
    ]);
  });

  it('are reported as they were at their exit, where that ended the session', () => {
    const snapshot = heapFromText(forked, {
      images: [image(1, 'exited'), image(2, 'exited')],
      ended: 'target-exited',
    });
    const { live, notices } = report(snapshot);
    expect(live).toEqual({ bytes: 111, blocks: 3 });
    expect(notices).toEqual([]);
  });

  it('never count once they were replaced by exec', () => {
    const replaced = [image(1, 'exited'), image(2, 'replaced-by-exec')];
    const { live, notices } = report(
      heapFromText(forked, { images: replaced, ended: 'target-exited' }),
    );
    expect(live).toEqual({ bytes: 100, blocks: 1 });
    expect(notices).toEqual([]);
  });

  it('take their mappings with them', () => {
    const snapshot = heapFromText(forked, { images: images('exited') });
    const mappings = [1, 2].map((id) => ({
      image: id,
      stackId: 'main<work',
      address: 0x1000n,
      size: bytes(4096),
      bornAt: milliseconds(0),
      use: 'anonymous' as const,
    }));
    expect(report({ ...snapshot, mappings }).mappings).toMatchObject([{ size: 4096, count: 1 }]);
  });
});

describe('ages', () => {
  const drawing = `
    bytes  8     8
    born   2000  4000
    lived  5     -
           main  main
  `;

  it('are exact where the blocks were read', () => {
    const [row] = report(heapFromText(drawing, { withBlocks: true })).rows;
    expect(row?.oldest).toEqual({ age: 6000, exact: true });
  });

  it('are at most that of the first block where some were freed', () => {
    const [row] = report(heapFromText(drawing)).rows;
    expect(row?.oldest).toEqual({ age: 8000, exact: false });
  });

  it('are that of the first block where none was ever freed', () => {
    const [row] = report(heapFromText(drawing.replace('5 ', '- '))).rows;
    expect(row?.oldest).toEqual({ age: 8000, exact: true });
  });

  it('filter blocks: --older counts only those, and says so', () => {
    const text = `
      bytes  8     16    32
      born   1000  5000  9500
             old   old   new
    `;
    const drawn = heapFromText(text, { withBlocks: true });
    const older = report(drawn, { olderThan: milliseconds(2000) });
    expect(names(older.rows)).toEqual(['old 24/2']);
    expect(older.live).toEqual({ bytes: 24, blocks: 2 });
    expect(older.notices).toEqual([
      { code: 'older', text: 'only blocks older than 2000 ms are counted as outstanding' },
    ]);
    const [row] = older.rows;
    expect(older.blocks?.list(row?.sites ?? [])).toEqual([
      { address: 0x2000n, size: 16, age: 5000 },
      { address: 0x1000n, size: 8, age: 9000 },
    ]);
  });

  it('cannot filter what was not read: all count, and the report says so', () => {
    const { live, notices } = report(heapFromText('bytes 8\n      main'), {
      olderThan: milliseconds(2000),
    });
    expect(live.blocks).toBe(1);
    expect(notices).toMatchObject([{ code: 'older', text: expect.stringMatching(/every age/) }]);
  });
});
