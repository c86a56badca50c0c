import { describe, expect, it } from 'vitest';

import { triageReport } from '../../src/domain/triage/report.ts';
import { bytes } from '../../src/domain/units.ts';
import {
  initialTriageState,
  reduceTriage,
  type TriageMessage,
  type TriageState,
} from '../../src/tui/triage/state.ts';
import type { GaugeReading } from '../../src/view/triage-gauges.ts';
import { cgroupUse, GiB, MiB, processUse, triageHistory } from '../support/synthetic-triage.ts';
import { resized } from './screen-state.ts';

const started = ['memtrace', 'leak', '-p', '4121'];

/** A leak, a group at its limit without a process, and some that are quiet. */
function readingAfter(steps: number): GaugeReading {
  const history = triageHistory(
    (step) => ({
      processes: [
        processUse('redis[2207]', 3 * GiB, { oomScore: 301 }),
        processUse('api[4121]', GiB + step * 2 * MiB, { oomScore: 812 }),
        processUse('small[7]', MiB),
      ],
      cgroups: [cgroupUse('/full', { usage: bytes(GiB), limit: bytes(GiB), file: bytes(0) })],
    }),
    steps,
  );
  return { report: triageReport(history), history };
}

const reading = readingAfter(10);

const after = (messages: readonly TriageMessage[], about: number | null = null): TriageState =>
  [resized(10), { type: 'reported', report: reading } as const, ...messages].reduce<TriageState>(
    reduceTriage,
    initialTriageState(1000, about),
  );

const names = ({ rows }: TriageState): string[] =>
  rows.map((row) => (row.kind === 'verdict' ? row.verdict.code : row.process.of.command));

const move = (by: -1 | 1): TriageMessage => ({ type: 'moved', by });
const toLeak: readonly TriageMessage[] = [
  { type: 'typing-began', what: 'search' },
  { type: 'typed', text: 'api[4121]' },
  { type: 'entered' },
];
const running = (...more: readonly TriageMessage[]) => after([...toLeak, { type: 'ran' }, ...more]);
const shown: TriageMessage = { type: 'tracer-shown' };
const ended: TriageMessage = { type: 'tracer-ended', lines: ['its report'] };

describe('the rows of the screen', () => {
  it('are the verdicts, then the processes with the fastest growing first', () => {
    expect(names(after([]))).toEqual(['cgroup-limit', 'process-leak', 'api', 'redis', 'small']);
  });

  it('are processes in another order where one is asked for; verdicts keep theirs', () => {
    const byMemory = names(after([{ type: 'sorted', by: 'resident' }]));
    expect(byMemory).toEqual(['cgroup-limit', 'process-leak', 'redis', 'api', 'small']);
    const reversed = names(after([{ type: 'sorted', by: 'resident' }, { type: 'reversed' }]));
    expect(reversed).toEqual(['cgroup-limit', 'process-leak', 'small', 'api', 'redis']);
  });

  it('are filtered by what they say and by name', () => {
    const filter: readonly TriageMessage[] = [
      { type: 'typing-began', what: 'filter' },
      { type: 'typed', text: 'api' },
    ];
    expect(names(after(filter))).toEqual(['process-leak', 'api']);
  });

  it('are gone to by Tab: the first process, the first verdict', () => {
    expect(after([{ type: 'tabbed' }]).selected).toBe(2);
    expect(after([{ type: 'tabbed' }, { type: 'tabbed' }]).selected).toBe(0);
    expect(after([move(1), { type: 'tabbed' }]).selected).toBe(2);
  });

  it('keep the selection on a verdict that was chosen when another one comes above it', () => {
    const early = [resized(10), { type: 'reported', report: readingAfter(2) } as const, move(1)];
    const before = early.reduce<TriageState>(reduceTriage, initialTriageState(1000, null));
    const name = names(before)[before.selected];
    const later = reduceTriage(before, { type: 'reported', report: reading });
    expect(names(later)[later.selected]).toBe(name);
  });
});

describe('Enter', () => {
  it('runs what is proposed for the verdict, and for a process what traces it', () => {
    expect(running().tracer).toMatchObject({ next: { argv: started }, phase: 'opening' });
    const ofProcess = after([{ type: 'tabbed' }, { type: 'ran' }]);
    expect(ofProcess.tracer).toMatchObject({ next: { argv: started }, phase: 'opening' });
    expect(ofProcess.view).toBe('tracer');
  });

  it('runs it from the page of the row, too', () => {
    const state = after([...toLeak, { type: 'opened' }, { type: 'ran' }]);
    expect(state.tracer?.next.argv).toEqual(started);
  });

  it('opens the page where nothing else than triage is proposed', () => {
    // No process of the group is known.
    const state = after([{ type: 'ran' }]);
    expect([state.view, state.tracer]).toEqual(['row', null]);
  });

  it('runs one thing at a time', () => {
    const first = running();
    const closed = reduceTriage(first, { type: 'closed' });
    const again = reduceTriage(closed, { type: 'ran' });
    expect(again.tracer).toBe(closed.tracer);
    expect(again.view).toBe('table');
  });
});

describe('what runs inside', () => {
  it('is told to end by Esc before it shows anything, and leaves nothing', () => {
    const cancelled = running({ type: 'closed' });
    expect(cancelled.tracer?.isCancelled).toBe(true);
    expect(cancelled.view).toBe('table');
    const over = reduceTriage(cancelled, ended);
    expect([over.tracer, over.view, over.leaving]).toEqual([null, 'table', null]);
  });

  it('gives the screen back when its own is left by Esc', () => {
    const state = running(shown, { type: 'tracer-left', how: 'back' });
    expect(state.tracer?.phase).toBe('ending');
    const over = reduceTriage(state, ended);
    expect([over.tracer, over.view, over.leaving]).toEqual([null, 'table', null]);
    expect(names(over)[over.selected]).toBe('process-leak');
  });

  it('ends the whole when its own screen is left by q, once it has ended itself', () => {
    const state = running(shown, { type: 'tracer-left', how: 'quit' });
    expect(state.leaving).toBeNull();
    expect(reduceTriage(state, ended).leaving).toBe('quit');
  });

  it('leaves its report to be read when what it traced is over', () => {
    const state = running(shown, { type: 'tracer-left', how: 'over' }, ended);
    expect(state.tracer).toMatchObject({ phase: 'over', lines: ['its report'] });
    expect(state.view).toBe('tracer');
    const back = reduceTriage(state, { type: 'closed' });
    expect([back.tracer, back.view]).toEqual([null, 'table']);
  });

  it('is followed by reports of the machine all the while', () => {
    const later = readingAfter(12);
    const state = running(shown, { type: 'reported', report: later });
    expect(state.report).toBe(later);
    expect(state.tracer?.phase).toBe('shown');
  });
});

it('a process that was asked about has its page open at first, and only then', () => {
  const state = after([], 2207);
  expect([state.view, state.openedRow?.id]).toEqual(['row', 'process 2207:100']);
  const closed = reduceTriage(state, { type: 'closed' });
  expect(closed.view).toBe('table');
  expect(reduceTriage(closed, { type: 'reported', report: reading }).view).toBe('table');
});
