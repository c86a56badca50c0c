import fc from 'fast-check';
import { expect, it } from 'vitest';
import { arrange } from '../../src/tui/ranking.ts';
import {
  type LeakMessage as Message,
  leakRanking,
  type LeakState as State,
  reduceLeak as reduce,
  sortKeys,
} from '../../src/tui/leak/state.ts';
import { reportOf, resized, stateOf } from './screen-state.ts';

const functions = ['parse', 'cache', 'cacheAdd', 'route', 'log', 'query'];

const drawing = fc
  .array(
    fc.record({ size: fc.nat({ max: 5 }), leaf: fc.nat({ max: 5 }), by: fc.nat({ max: 5 }) }),
    {
      maxLength: 30,
    },
  )
  .map((blocks) =>
    [
      blocks.map(({ size }) => `${size}`),
      blocks.map(({ by }) => functions[by] ?? ''),
      blocks.map(({ leaf }) => functions[leaf] ?? ''),
    ]
      .map((cells) => cells.map((cell) => cell.padEnd(9)).join(' '))
      .join('\n'),
  );

const by = fc.constantFrom(-1 as const, 1 as const);
// Enough of them that a filter is begun anew after it hid rows.
const typing: fc.Arbitrary<Message> = fc.oneof(
  fc.constantFrom('filter' as const, 'search' as const).map((what) => ({
    type: 'typing-began' as const,
    what,
  })),
  fc.constantFrom('c', 'l', '|', 'x').map((text) => ({ type: 'typed' as const, text })),
);
const message: fc.Arbitrary<Message> = fc.oneof(
  drawing.map((drawn) => ({ type: 'reported' as const, report: reportOf(drawn) })),
  fc.nat({ max: 12 }).map((height) => resized(height)),
  fc.integer({ min: -3, max: 3 }).map((rows) => ({ type: 'moved' as const, by: rows })),
  by.map((pages) => ({ type: 'paged' as const, by: pages })),
  fc.constantFrom('first' as const, 'last' as const).map((to) => ({ type: 'jumped' as const, to })),
  fc.constantFrom('mappings' as const, 'help' as const).map((view) => ({
    type: 'showed' as const,
    view,
  })),
  fc.constantFrom(...sortKeys).map((key) => ({ type: 'sorted' as const, by: key })),
  by.map((keys) => ({ type: 'sort-moved' as const, by: keys })),
  by.map((rows) => ({ type: 'found' as const, by: rows })),
  typing,
  typing,
  fc.constantFrom(0.5, 2).map((factor) => ({ type: 'paced' as const, factor })),
  fc.constantFrom<Message>(
    { type: 'opened' },
    { type: 'closed' },
    { type: 'reversed' },
    { type: 'erased' },
    { type: 'entered' },
    { type: 'paused' },
    { type: 'failed', problem: 'gone' },
  ),
);

const messages = fc
  .tuple(drawing, fc.array(message, { maxLength: 40, size: 'max' }))
  .map(([drawn, rest]): Message[] => [{ type: 'reported', report: reportOf(drawn) }, ...rest]);

const run = (given: readonly Message[], check: (state: State, before: State) => void): void => {
  let state = stateOf(reportOf(''));
  for (const each of given) {
    const next = reduce(state, each);
    check(next, state);
    state = next;
  }
};

it('has its selection on a row and in sight, whatever came', () => {
  fc.assert(
    fc.property(messages, (given) =>
      run(given, ({ rows, selected, key, top, height }) => {
        expect(height).toBeGreaterThan(0);
        expect(selected).toBeGreaterThanOrEqual(top);
        expect(selected).toBeLessThan(top + height);
        expect(selected).toBeLessThan(Math.max(1, rows.length));
        expect(key).toBe(rows[selected]?.key ?? null);
        expect(top).toBeGreaterThanOrEqual(0);
        // No room is left empty while rows are out of sight above.
        expect(top).toBeLessThanOrEqual(Math.max(0, rows.length - height));
      }),
    ),
  );
});

it('shows the rows that its filter and its order say', () => {
  fc.assert(
    fc.property(messages, (given) =>
      run(given, (state) => {
        expect(state.rows.map((row) => row.key)).toEqual(
          arrange(state, leakRanking).map((row) => row.key),
        );
      }),
    ),
  );
});

it('keeps a chosen row selected while it is among the rows, unless it was moved by a key', () => {
  const moves = new Set(['moved', 'paged', 'jumped', 'found', 'typed', 'erased']);
  fc.assert(
    fc.property(messages, (given) => {
      const types = given.map(({ type }) => type);
      let at = 0;
      run(given, (state, before) => {
        const type = types[at++] ?? '';
        const isStill = before.chosen && state.chosen && !moves.has(type);
        if (!isStill || !state.rows.some((row) => row.key === before.key)) return;
        expect(state.key).toBe(before.key);
      });
    }),
  );
});
