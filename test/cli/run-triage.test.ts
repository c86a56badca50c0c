import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../src/cli/command-line.ts';
import { readTriage } from '../../src/cli/triage/parse.ts';
import { runTriage, triageSchedule, type TriageWorld } from '../../src/cli/triage/run.ts';
import { TriageHistory } from '../../src/domain/triage/history.ts';
import { bytes } from '../../src/domain/units.ts';
import { explain } from '../../src/errors/catalog.ts';
import { Failure } from '../../src/errors/failure.ts';
import { cgroupUse, type Machine, MiB, SyntheticMachine } from '../support/synthetic-triage.ts';
import { Page } from './leak-run.ts';

const request = (...words: string[]) => {
  const parsed = parseArguments(words);
  if (!('command' in parsed)) throw new Error('it would have printed');
  return readTriage(parsed.args);
};

const refusal = (...words: string[]): string => {
  try {
    request(...words);
  } catch (error) {
    if (error instanceof Failure) return `${explain(error).message} / ${explain(error).remedy}`;
  }
  throw new Error('it was not refused');
};

const full = (share: number): Machine => ({
  cgroups: [
    cgroupUse('/a', { usage: bytes(100 * share * MiB), limit: bytes(100 * MiB), file: bytes(0) }),
  ],
});

function start(
  words: readonly string[],
  machine: (step: number) => Machine = () => ({}),
  changes: Partial<TriageWorld> = {},
) {
  const page = new Page();
  const stop = new AbortController();
  const told: number[] = [];
  const done = runTriage(request('triage', ...words), {
    openSource: async () => new SyntheticMachine(machine),
    output: page,
    print: ({ verdicts, samples }) => `${verdicts[0]?.code ?? 'none'}:${samples > 0}\n`,
    history: new TriageHistory(),
    screen: null,
    progress: (watched) => told.push(watched),
    stop: stop.signal,
    ...changes,
  });
  return { done, page, stop, told };
}

describe('a run of memtrace triage', () => {
  it('prints one report when its time is over, and tells how far it is', async () => {
    const { done, page, told } = start(['--duration', '0.5', '--interval', '0.1']);
    expect(await done).toBe(0);
    expect(page.words).toBe('healthy:true');
    expect(told.length).toBeGreaterThan(0);
  });

  it('reports what it has when it is stopped', async () => {
    const { done, page, stop } = start(['--duration', '1h']);
    stop.abort();
    expect(await done).toBe(0);
    expect(page.words).toBe('healthy:true');
  });

  it.each([
    [[], 0.99, 0],
    [['--strict'], 0.5, 0],
    [['--strict'], 0.95, 1],
  ])('with %j and a group that is full to %d ends with status %d', async (words, share, code) => {
    const { done } = start(['--duration', '0.2', ...words], () => full(share));
    expect(await done).toBe(code);
  });

  it('ends with status 2 at a critical verdict, with --strict', async () => {
    const { done } = start(['--duration', '0.3', '--interval', '0.1', '--strict'], (step) => ({
      counters: { oomKills: step },
    }));
    expect(await done).toBe(2);
  });

  it('prints the report of the session when the screen is left', async () => {
    const { done, page } = start([], () => ({}), { screen: async () => {} });
    expect(await done).toBe(0);
    expect(page.words).toBe('healthy:true');
  });
});

describe('the schedule', () => {
  it.each([
    [[], 1000, 10_000],
    [['--duration', '1h'], 60_000, 3_600_000],
    [['--duration', '1h', '--interval', '10s'], 10_000, 3_600_000],
    [['--duration', '5'], 1000, 5000],
  ])('of %j is a look every %d ms of %d ms', (words, interval, duration) => {
    expect(triageSchedule(request('triage', ...words))).toMatchObject({ interval, duration });
  });
});

describe('the arguments', () => {
  it('are understood', () => {
    expect(request('-p', '7,8', '--strict', '--format', 'json')).toMatchObject({
      pids: [7, 8],
      strict: true,
      format: 'json',
      plain: false,
      explain: false,
    });
  });

  it('are refused with a remedy', () => {
    expect(refusal('triage', '5')).toMatch(/'5' means nothing to triage \/ .*--duration 30s/);
    expect(refusal('triage', '--format', 'xml')).toMatch(/takes text or json, not 'xml'/);
    expect(refusal('triage', '-p', 'nginx')).toMatch(/pgrep -d, -x 'nginx'/);
  });
});
