import { describe, expect, it } from 'vitest';
import { type CacheMessage, type CacheState, reduceCache } from '../../src/tui/cache/state.ts';
import { blankCache, readingsOf, reported } from './cache-state.ts';

const [first, second, third] = readingsOf([
  {
    'db[1] /data /system.slice/db': { accesses: 100 },
    'cp[2] /backup /user.slice': { accesses: 50, misses: 10, readAhead: 40 },
    'sh[3] /data /user.slice': { accesses: 8 },
  },
  {
    'db[1] /data /system.slice/db': { accesses: 100 },
    'cp[2] /backup /user.slice': { accesses: 90, misses: 10, readAhead: 40 },
    'sh[3] /data /user.slice': { accesses: 9 },
  },
  { 'db[1] /data /system.slice/db': { accesses: 300 } },
]).map(reported) as [CacheMessage, CacheMessage, CacheMessage];

const after = (...messages: readonly CacheMessage[]): CacheState =>
  [first, ...messages].reduce(reduceCache, blankCache);
const nameOf = ({ subject }: CacheState['rows'][number]): string => {
  if (subject.view === 'process') return subject.process.command;
  return subject.view === 'file' ? subject.file.path : subject.cgroup.path;
};
const names = ({ rows }: CacheState): string => rows.map(nameOf).join(' ');
const selectedName = ({ rows, selected }: CacheState) =>
  rows.slice(selected, selected + 1).map(nameOf)[0];
const hits = ({ rows }: CacheState) => rows.map(({ totals }) => totals.hits);
const switched = (to: CacheState['by']): CacheMessage => ({ type: 'switched', to });
const down: CacheMessage = { type: 'moved', by: 1 };

describe('the table', () => {
  it('has the processes, most hits first', () => {
    expect(names(after())).toBe('db sh cp');
  });

  it.each([
    ['file', '/data /backup'],
    ['cgroup', '/system.slice/db /user.slice'],
  ] as const)('has each %s at once, without another report', (view, expected) => {
    expect(names(after(switched(view)))).toBe(expected);
  });

  it('goes through its kinds of rows and around', () => {
    const tab: CacheMessage = { type: 'tabbed', by: 1 };
    expect([0, 1, 2, 3].map((n) => after(...Array<CacheMessage>(n).fill(tab)).by)).toEqual([
      'process',
      'file',
      'cgroup',
      'process',
    ]);
    expect(after({ type: 'tabbed', by: -1 }).by).toBe('cgroup');
  });

  it('begins at the first row when its kind changes', () => {
    expect(after(down, switched('file'))).toMatchObject({
      selected: 0,
      chosen: false,
      view: 'table',
    });
  });

  it('stays where it is when its kind is asked for again', () => {
    expect(after(down, switched('process')).selected).toBe(1);
  });

  it('keeps its order where the other kind has that column, else goes by hits', () => {
    const misses = after({ type: 'sorted', by: 'misses' }, switched('file'));
    expect([misses.sort, names(misses)]).toEqual(['misses', '/backup /data']);
    expect(after({ type: 'sorted', by: 'pid' }, switched('file')).sort).toBe('hits');
  });

  it('is sorted by each of its columns in turn', () => {
    const next = after({ type: 'sort-moved', by: 1 });
    expect([next.sort, names(next)]).toEqual(['misses', 'cp db sh']);
    expect(after({ type: 'sort-moved', by: -1 }).sort).toBe('command');
  });
});

describe('the span of time', () => {
  it('is the latest interval', () => {
    expect(names(after(second))).toBe('cp sh');
    expect(hits(after(second))).toEqual([40, 1]);
  });

  it('is all since the session began, where that is asked for, and back', () => {
    const change: CacheMessage = { type: 'span-changed' };
    expect(hits(after(second, change))).toEqual([100, 40, 9]);
    expect(names(after(second, change, change))).toBe('cp sh');
  });
});

describe('the selection', () => {
  it('follows the first place until a row was chosen', () => {
    expect(selectedName(after(second))).toBe('cp');
  });

  it('stays on a row that did nothing in the latest interval: it is shown with nothing', () => {
    const state = after(down, { type: 'moved', by: -1 }, second);
    expect([names(state), selectedName(state), hits(state)]).toEqual([
      'cp sh db',
      'db',
      [40, 1, 0],
    ]);
  });
});

describe('an open row', () => {
  it('stays open when it is idle, with its figures as they are now', () => {
    const state = after({ type: 'opened' }, second);
    expect([state.view, state.openedRow?.id, state.openedRow?.totals.hits]).toEqual([
      'row',
      'p1',
      0,
    ]);
    expect(reduceCache(state, third).openedRow?.totals.hits).toBe(200);
  });

  it('is left by Esc, and by another kind of rows', () => {
    expect(after({ type: 'opened' }, { type: 'closed' }).view).toBe('table');
    expect(after({ type: 'opened' }, switched('file'))).toMatchObject({
      view: 'table',
      openedRow: null,
    });
  });
});

it('filters by name, pid and path', () => {
  const filtered = (view: CacheState['by'], text: string) =>
    names(
      after(
        switched(view),
        { type: 'typing-began', what: 'filter' },
        ...Array.from(text).map((each): CacheMessage => ({ type: 'typed', text: each })),
      ),
    );
  expect(filtered('process', 'D')).toBe('db');
  expect(filtered('process', '2|sh')).toBe('sh cp');
  expect(filtered('file', 'back')).toBe('/backup');
  expect(filtered('cgroup', 'slice/d')).toBe('/system.slice/db');
});

it('keeps the ratio of each interval, and none for one without accesses', () => {
  const idle = readingsOf([{ 'db[1] /data': { writes: 1 } }]).map(reported);
  expect(after(...idle, { type: 'span-changed' }).ratios).toEqual([108 / 158, null]);
});
