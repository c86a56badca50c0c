import { describe, expect, it } from 'vitest';
import {
  type LeakMessage as Message,
  type LeakState as State,
  reduceLeak as reduce,
} from '../../src/tui/leak/state.ts';
import { reportOf, stateOf } from './screen-state.ts';

const three = reportOf(`
  4096   64     64     8
  main   main   main   main
  load   serve  serve  serve
         cache  cache  parse
`);
/** The cache has grown past the others. */
const later = reportOf(`
  9000   4096   8
  main   main   main
  serve  load   serve
  cache         parse
`);
const withoutParse = reportOf(`
  4096   128
  main   main
  load   serve
         cache
`);

const after = (...messages: readonly Message[]): State => messages.reduce(reduce, stateOf(three));
const leaves = ({ rows }: State) => rows.map((row) => row.stack.frames[0]?.symbol).join(' ');
const selectedLeaf = ({ rows, selected }: State) => rows[selected]?.stack.frames[0]?.symbol;
const typing = (what: 'filter' | 'search', text: string): Message[] => [
  { type: 'typing-began', what },
  ...Array.from(text).map((each): Message => ({ type: 'typed', text: each })),
];
const down: Message = { type: 'moved', by: 1 };
const reported = (report: typeof three): Message => ({ type: 'reported', report });

describe('the order', () => {
  it.each([
    ['size', 'load cache parse'],
    ['count', 'cache load parse'],
  ] as const)('by %s is %s', (by, expected) => {
    expect(leaves(after({ type: 'sorted', by }))).toBe(expected);
  });

  it('is reversed, and back', () => {
    const reversed: Message = { type: 'reversed' };
    expect(leaves(after(reversed))).toBe('parse cache load');
    expect(leaves(after(reversed, reversed))).toBe('load cache parse');
  });

  it('goes through all the keys and around', () => {
    const next: Message = { type: 'sort-moved', by: 1 };
    const sorts = [0, 1, 2, 3, 4].map((n) => after(...Array<Message>(n).fill(next)).sort);
    expect(sorts).toEqual(['size', 'count', 'growth', 'age', 'size']);
    expect(after({ type: 'sort-moved', by: -1 }).sort).toBe('age');
  });
});

describe('the selection', () => {
  it('follows the first place until a row was chosen', () => {
    expect(selectedLeaf(after(reported(later)))).toBe('cache');
  });

  it('stays on the row that was chosen when others pass it', () => {
    const state = after(down, { type: 'moved', by: -1 }, reported(later));
    expect(selectedLeaf(state)).toBe('load');
    expect(state.selected).toBe(1);
  });

  it('stays at its place when its row is gone', () => {
    expect(selectedLeaf(after({ type: 'jumped', to: 'last' }, reported(withoutParse)))).toBe(
      'cache',
    );
  });
});

describe('an open stack', () => {
  it('stays open while others pass it', () => {
    const state = after({ type: 'opened' }, reported(later));
    expect([state.view, selectedLeaf(state)]).toEqual(['row', 'load']);
  });

  it('is not opened where there is no row', () => {
    expect(after(...typing('filter', 'zz'), { type: 'entered' }, { type: 'opened' }).view).toBe(
      'table',
    );
  });
});

describe('a filter', () => {
  it('lets through what has one of its terms in a function or module, in any case', () => {
    expect(leaves(after(...typing('filter', 'PARSE|load')))).toBe('load parse');
    expect(leaves(after(...typing('filter', 'app')))).toBe('load cache parse');
  });

  it('does not match across frames', () => {
    expect(leaves(after(...typing('filter', 'parseserve')))).toBe('');
  });

  it('is kept by Enter, narrowed by the next report too, and dropped by Esc', () => {
    const kept = [...typing('filter', 'cache'), { type: 'entered' }] satisfies Message[];
    expect(leaves(after(...kept, reported(later)))).toBe('cache');
    expect(leaves(after(...kept, { type: 'closed' }))).toBe('load cache parse');
    expect(leaves(after(...typing('filter', 'cache'), { type: 'closed' }))).toBe(
      'load cache parse',
    );
  });

  it('is widened by erasing', () => {
    expect(leaves(after(...typing('filter', 'pax')))).toBe('');
    expect(leaves(after(...typing('filter', 'pax'), { type: 'erased' }))).toBe('parse');
  });

  it('begins anew, with all rows', () => {
    const again = after(...typing('filter', 'cache'), { type: 'entered' }, ...typing('filter', ''));
    expect(leaves(again)).toBe('load cache parse');
  });
});

describe('a search', () => {
  it('selects the first row that has it while it is typed, and hides none', () => {
    const state = after(...typing('search', 'serve'));
    expect([selectedLeaf(state), leaves(state)]).toEqual(['cache', 'load cache parse']);
  });

  it('goes to the next and the previous, around the end', () => {
    const found = (by: -1 | 1): Message => ({ type: 'found', by });
    const start: Message[] = [...typing('search', 'serve'), { type: 'entered' }];
    expect(selectedLeaf(after(...start, found(1)))).toBe('parse');
    expect(selectedLeaf(after(...start, found(1), found(1)))).toBe('cache');
    expect(selectedLeaf(after(...start, found(-1)))).toBe('parse');
  });

  it('stays where it is when nothing has it', () => {
    expect(selectedLeaf(after(down, ...typing('search', 'zz')))).toBe('cache');
  });

  it('that is dropped by Esc leaves the filter alone', () => {
    const filtered: Message[] = [...typing('filter', 'serve'), { type: 'entered' }];
    const state = after(...filtered, ...typing('search', 'parse'), { type: 'closed' });
    expect(state).toMatchObject({ filter: 'serve', search: '', typing: null });
    expect(leaves(state)).toBe('cache parse');
  });
});

describe('a page', () => {
  const help: Message = { type: 'showed', view: 'help' };

  it('closes with the key that opened it, and with Esc', () => {
    expect(after(help).view).toBe('help');
    expect(after(help, help).view).toBe('table');
    expect(after(help, { type: 'closed' }).view).toBe('table');
  });

  it('does not move the selection behind it', () => {
    expect(after(help, down, { type: 'jumped', to: 'last' }).selected).toBe(0);
  });
});

it('pauses, and goes on', () => {
  expect(after({ type: 'paused' }).paused).toBe(true);
  expect(after({ type: 'paused' }, { type: 'paused' }).paused).toBe(false);
});

it('reports at most four times a second, at least once a minute', () => {
  const paces = (factor: number) =>
    after(...Array.from({ length: 20 }, (): Message => ({ type: 'paced', factor }))).intervalMs;
  expect([paces(0.5), paces(2)]).toEqual([250, 60_000]);
  expect(after({ type: 'paced', factor: 2 }).intervalMs).toBe(2000);
});

it('says what went wrong until the next report', () => {
  const failed: Message = { type: 'failed', problem: 'process 7 is gone' };
  expect(after(failed).problem).toBe('process 7 is gone');
  expect(after(failed, reported(later)).problem).toBe(null);
});
