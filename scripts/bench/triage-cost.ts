import { setTimeout as wait } from 'node:timers/promises';
import { triageDefaults } from '../../src/cli/triage/options.ts';
import { TriageHistory } from '../../src/domain/triage/history.ts';
import { triageReport } from '../../src/domain/triage/report.ts';
import { openTriageSession } from '../../src/sources/live/triage-session.ts';
import { percentile, table, Workload } from './workload.ts';

const processes = Number(process.argv[2] ?? 2000);
const seconds = Number(process.argv[3] ?? 30);
const intervalMs = triageDefaults.intervalSeconds * 1000;

const herd = new Workload('herd.c');
const children = await herd.ask('fork', processes);
const session = await openTriageSession({ pids: [] });
const history = new TriageHistory();

/** CPU time of this process, user and system, in milliseconds. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const costs: { read: number; rules: number }[] = [];
for (let i = 0; i < (seconds * 1000) / intervalMs; i++) {
  const began = cpuMs();
  history.add(await session.snapshot());
  const read = cpuMs();
  triageReport(history);
  costs.push({ read: read - began, rules: cpuMs() - read });
  await wait(intervalMs);
}
const seen = history.latest.processes.length;
await session.close();
herd.end();

// The first look opens every file and compiles the code: it is shown apart.
const later = costs.slice(1);
const share = (values: readonly number[]): string =>
  `${((values.reduce((sum, value) => sum + value, 0) / values.length / intervalMs) * 100).toFixed(2)}%`;
const row = (name: string, values: readonly number[]): string[] => [
  name,
  ...[0.5, 1].map((p) => percentile(values, p).toFixed(1)),
  share(values),
];
const first = costs[0];
process.stdout.write(
  `${seen} processes seen (${children} of them ours), a look every ${intervalMs} ms, ${costs.length} looks\n` +
    `the first look: ${first?.read.toFixed(1)} ms of CPU\n`,
);
process.stdout.write(
  table([
    ['CPU ms', 'median', 'most', 'of one CPU'],
    row(
      'reading /proc and /sys',
      later.map(({ read }) => read),
    ),
    row(
      'rules and report',
      later.map(({ rules }) => rules),
    ),
    row(
      'together',
      later.map(({ read, rules }) => read + rules),
    ),
  ]),
);
