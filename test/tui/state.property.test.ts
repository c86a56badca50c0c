import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cacheViews } from '../../src/domain/cache-report.ts';
import { type CacheMessage, cacheRanking, reduceCache } from '../../src/tui/cache/state.ts';
import { leakRanking, reduceLeak, sortKeys } from '../../src/tui/leak/state.ts';
import { arrange } from '../../src/tui/ranking.ts';
import type { Ranking, ScreenMessage, ScreenState } from '../../src/tui/screen-state.ts';
import { cacheColumns } from '../../src/view/cache-columns.ts';
import type { Uses } from '../support/synthetic-cache.ts';
import { blankCache, readingsOf } from './cache-state.ts';
import { reportOf, resized, stateOf } from './screen-state.ts';

const by = fc.constantFrom(-1 as const, 1 as const);
// Enough of them that a filter is begun anew after it hid rows.
const typing = fc.oneof(
  fc.constantFrom('filter' as const, 'search' as const).map((what) => ({
    type: 'typing-began' as const,
    what,
  })),
  fc.constantFrom('c', 'l', '|', 'x').map((text) => ({ type: 'typed' as const, text })),
);

/** Messages that every screen has. */
const shared = fc.oneof(
  fc.nat({ max: 12 }).map((height) => resized(height)),
  fc.integer({ min: -3, max: 3 }).map((rows) => ({ type: 'moved' as const, by: rows })),
  by.map((pages) => ({ type: 'paged' as const, by: pages })),
  fc.constantFrom('first' as const, 'last' as const).map((to) => ({ type: 'jumped' as const, to })),
  by.map((keys) => ({ type: 'sort-moved' as const, by: keys })),
  by.map((rows) => ({ type: 'found' as const, by: rows })),
  typing,
  typing,
  fc.constantFrom(0.5, 2).map((factor) => ({ type: 'paced' as const, factor })),
  fc.constantFrom(
    { type: 'opened' as const },
    { type: 'closed' as const },
    { type: 'reversed' as const },
    { type: 'erased' as const },
    { type: 'entered' as const },
    { type: 'paused' as const },
    { type: 'showed' as const, view: 'help' as const },
    { type: 'failed' as const, problem: 'gone' },
  ),
);

interface Screen<State extends ScreenState, Message> {
  readonly initial: State;
  readonly reduce: (state: State, message: Message) => State;
  readonly ranking: Ranking<State>;
  /** From the first report on. */
  readonly messages: fc.Arbitrary<readonly Message[]>;
  /** Of messages after which another row may be selected. */
  readonly moves: readonly string[];
}

const functions = ['parse', 'cache', 'cacheAdd', 'route', 'log', 'query'];
const leakReport = fc
  .array(
    fc.record({ size: fc.nat({ max: 5 }), leaf: fc.nat({ max: 5 }), by: fc.nat({ max: 5 }) }),
    { maxLength: 30 },
  )
  .map((blocks) =>
    [
      blocks.map(({ size }) => `${size}`),
      blocks.map((block) => functions[block.by] ?? ''),
      blocks.map(({ leaf }) => functions[leaf] ?? ''),
    ]
      .map((cells) => cells.map((cell) => cell.padEnd(9)).join(' '))
      .join('\n'),
  )
  .map((drawn) => ({ type: 'reported' as const, report: reportOf(drawn) }));

const leak: Screen<ReturnType<typeof stateOf>, Parameters<typeof reduceLeak>[1]> = {
  initial: stateOf(reportOf('')),
  reduce: reduceLeak,
  ranking: leakRanking,
  moves: [],
  messages: fc
    .tuple(
      leakReport,
      fc.array(
        fc.oneof(
          { weight: 1, arbitrary: leakReport },
          { weight: 10, arbitrary: shared },
          {
            weight: 1,
            arbitrary: fc.constantFrom(...sortKeys).map((key) => ({
              type: 'sorted' as const,
              by: key,
            })),
          },
          {
            weight: 1,
            arbitrary: fc.constant({ type: 'showed' as const, view: 'mappings' as const }),
          },
        ),
        { maxLength: 40, size: 'max' },
      ),
    )
    .map(([report, rest]) => [report, ...rest]),
};

const names = ['cat', 'cp', 'log', 'vi', 'x'];
const paths = ['/c', '/lib/x', '/log', '/z'];
interface Used {
  readonly who: number;
  readonly file: number;
  readonly accesses: number;
  readonly writes: number;
}

/** What was used since the report before. */
const cacheUses: fc.Arbitrary<readonly Used[]> = fc.array(
  fc.record({
    who: fc.nat({ max: 11 }),
    file: fc.nat({ max: 3 }),
    accesses: fc.nat({ max: 9 }),
    writes: fc.nat({ max: 1 }),
  }),
  { maxLength: 15 },
);
const cacheMessage: fc.Arbitrary<CacheMessage> = fc.oneof(
  { weight: 8, arbitrary: shared },
  {
    weight: 3,
    arbitrary: fc.oneof(
      fc.constantFrom(...cacheViews).map((to) => ({ type: 'switched' as const, to })),
      by.map((tabs) => ({ type: 'tabbed' as const, by: tabs })),
      fc.constant({ type: 'span-changed' as const }),
      fc.constant({ type: 'showed' as const, view: 'remarks' as const }),
      fc
        .constantFrom(...cacheColumns.process.map(({ id }) => id))
        .map((id) => ({ type: 'sorted' as const, by: id })),
    ),
  },
);

/** Each report has what those before it had, and more. */
function cumulative(steps: readonly (readonly Used[])[]): Uses[] {
  const sums: Record<string, { accesses: number; writes: number }> = {};
  return steps.map((uses): Uses => {
    for (const { who, file, accesses, writes } of uses) {
      const key = `${names[who % names.length]}[${who}] ${paths[file]} /${who % 2}`;
      const sum = (sums[key] ??= { accesses: 0, writes: 0 });
      sums[key] = { accesses: sum.accesses + accesses, writes: sum.writes + writes };
    }
    return { ...sums };
  });
}

const cache: Screen<typeof blankCache, CacheMessage> = {
  initial: blankCache,
  reduce: reduceCache,
  ranking: cacheRanking,
  moves: ['switched', 'tabbed'],
  messages: fc
    .array(fc.tuple(cacheUses, fc.array(cacheMessage, { maxLength: 15, size: 'max' })), {
      minLength: 1,
      maxLength: 4,
    })
    .map((rounds) => {
      const readings = readingsOf(cumulative(rounds.map(([uses]) => uses)));
      return rounds.flatMap(([, messages], i): CacheMessage[] => {
        const report = readings[i];
        return [...(report ? [{ type: 'reported' as const, report }] : []), ...messages];
      });
    }),
};

/** Every state that messages lead to, beside the one before it. */
function states<State extends ScreenState, Message>(
  { initial, reduce }: Screen<State, Message>,
  messages: readonly Message[],
): { readonly before: State; readonly state: State; readonly message: Message }[] {
  let before = initial;
  return messages.map((message) => {
    const step = { before, state: reduce(before, message), message };
    before = step.state;
    return step;
  });
}

function describeScreen<
  State extends ScreenState,
  Message extends ScreenMessage | { type: string },
>(name: string, screen: Screen<State, Message>): void {
  const { keyOf } = screen.ranking;
  const keysOf = (rows: readonly State['rows'][number][]) => rows.map(keyOf);

  describe(`${name}`, () => {
    it('has its selection on a row and in sight, whatever came', () => {
      fc.assert(
        fc.property(screen.messages, (messages) => {
          for (const { state } of states(screen, messages)) {
            const { rows, selected, key, top, height } = state;
            expect(height).toBeGreaterThan(0);
            expect(selected).toBeGreaterThanOrEqual(top);
            expect(selected).toBeLessThan(top + height);
            expect(selected).toBeLessThan(Math.max(1, rows.length));
            expect(key).toBe(rows.length === 0 ? null : keyOf(rows[selected]));
            expect(top).toBeGreaterThanOrEqual(0);
            // No room is left empty while rows are out of sight above.
            expect(top).toBeLessThanOrEqual(Math.max(0, rows.length - height));
          }
        }),
      );
    });

    it('shows the rows that its filter and its order say', () => {
      fc.assert(
        fc.property(screen.messages, (messages) => {
          for (const { state } of states(screen, messages)) {
            // A row that is kept though it is idle is one of them while it is selected.
            const kept = new Set(keysOf(state.rows));
            const said = keysOf(arrange(state, screen.ranking));
            expect(said.filter((key) => !kept.has(key))).toEqual([]);
            expect(keysOf(state.rows).filter((key) => said.includes(key))).toEqual(said);
          }
        }),
      );
    });

    it('keeps a chosen row selected while it is among the rows, unless it was moved by a key', () => {
      const usual = ['moved', 'paged', 'jumped', 'found', 'typed', 'erased'];
      const moves = new Set([...usual, ...screen.moves]);
      fc.assert(
        fc.property(screen.messages, (messages) => {
          for (const { before, state, message } of states(screen, messages)) {
            const isStill = before.chosen && state.chosen && !moves.has(message.type);
            const isThere = keysOf(state.rows).includes(before.key ?? '');
            expect(isStill && isThere ? state.key : before.key).toBe(before.key);
          }
        }),
      );
    });
  });
}

describeScreen('the leak screen', leak);
describeScreen('the cache screen', cache);
