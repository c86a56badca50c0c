import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { linesOf, nextLine, percentile, table, Workload } from './workload.ts';

const memtrace = path.resolve(import.meta.dirname, '../memtrace');
const modes = ['none', 'session', 'multi', 'perf-event'] as const;
type Mode = (typeof modes)[number];

const rounds = Number(process.argv[2] ?? 7);
const pairs = { none: 5_000_000, traced: 100_000 };

/** One malloc+free pair in nanoseconds of the target's CPU time, or null where this kernel has no such links. */
async function measure(workload: Workload, mode: Mode): Promise<number | null> {
  if (mode === 'none') return workload.ask('pairs', pairs.none);
  const args = ['leak', '-p', `${workload.pid}`, '--link', mode, '--format', 'json', '1'];
  const tracer = spawn(memtrace, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(tracer, 'close');
  let said = '';
  tracer.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  try {
    // The first report is the sign that every probe is in place.
    await nextLine(linesOf(tracer)[Symbol.asyncIterator](), 'memtrace');
  } catch {
    process.stderr.write(`${mode}: ${said}`);
    return null;
  }
  const cost = await workload.ask('pairs', pairs.traced);
  tracer.stdout.resume();
  tracer.kill('SIGINT');
  await closed;
  return cost;
}

const workload = new Workload();
const costs = new Map<Mode, number[]>(modes.map((mode) => [mode, []]));
await workload.ask('pairs', pairs.none);
for (let round = 0; round < rounds; round++) {
  // All modes side by side, each round beginning with another: noise of the machine hits them alike.
  for (let i = 0; i < modes.length; i++) {
    const mode = modes[(i + round) % modes.length] ?? 'none';
    const cost = await measure(workload, mode);
    if (cost !== null) costs.get(mode)?.push(cost);
  }
}
workload.end();

const plain = percentile(costs.get('none') ?? [], 0.5);
const rows = modes.map((mode) => {
  const values = costs.get(mode) ?? [];
  if (values.length === 0) return [mode, 'not here', '', '', ''];
  const [p25, median, least] = [0.25, 0.5, 0].map((p) => percentile(values, p)) as [
    number,
    number,
    number,
  ];
  return [
    mode,
    ...[p25, median, least].map((ns) => ns.toFixed(0)),
    `${(median / plain).toFixed(0)}x`,
  ];
});
process.stdout.write(
  `malloc(64)+free, ns per pair of the target's CPU time, ${rounds} interleaved rounds\n`,
);
process.stdout.write(table([['links', 'p25', 'median', 'least', 'of none'], ...rows]));
