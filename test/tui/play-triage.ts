// The screen of triage on a synthetic machine, for a terminal: one process leaks, files are read again, a hundred small processes.
import { TriageHistory } from '../../src/domain/triage/history.ts';
import { triageReport } from '../../src/domain/triage/report.ts';
import { bytes } from '../../src/domain/units.ts';
import type * as LeakScreens from '../../src/tui/leak-screen.tsx';
import type * as Screen from '../../src/tui/triage-screen.tsx';
import {
  cgroupUse,
  GiB,
  MiB,
  pressureOf,
  processUse,
  SyntheticMachine,
} from '../support/synthetic-triage.ts';

// JSX has to be compiled: the screen comes from the build.
const built = (name: string) => new URL(`../../dist/tui/${name}.js`, import.meta.url).href;
const { drawTriageScreen } = (await import(built('triage-screen'))) as typeof Screen;
const { drawLeakScreen } = (await import(built('leak-screen'))) as typeof LeakScreens;

const small = Array.from({ length: 100 }, (_, i) => processUse(`small${i}[${1000 + i}]`, i * MiB));
const source = new SyntheticMachine((step) => ({
  memory: {
    available: bytes(4 * GiB - step * MiB),
    swapTotal: bytes(2 * GiB),
    swapFree: bytes(GiB),
    slab: bytes(400 * MiB + step * 100_000),
  },
  counters: {
    refaultedFile: step * 4102,
    pagedIn: step * 20_000,
    majorFaults: step * 212,
    scannedByKswapd: step * 8000,
  },
  pressure: { memory: pressureOf(14.2, 3.1) },
  processes: [
    processUse('api[4121]', GiB + step * 2 * MiB, { cgroup: '/prod/api', oomScore: 812 }),
    processUse('redis[2207]', 3 * GiB, { oomScore: 301 }),
    ...small,
  ],
  cgroups: [cgroupUse('/prod/api', { usage: bytes(GiB), limit: bytes(2 * GiB) })],
  unseen: [{ what: 'slab caches by name', path: '/proc/slabinfo', why: 'no-privilege' }],
}));
const history = new TriageHistory();
// So many looks have been taken before: what grows is known at once.
for (let look = 0; look < 12; look++) history.add(await source.snapshot());
await drawTriageScreen({
  read: async () => {
    history.add(await source.snapshot());
    return { report: triageReport(history), history };
  },
  run: async ({ argv }, stage, stop) => {
    if (argv[1] === 'leak') {
      await drawLeakScreen({
        read: () => Promise.reject(new Error('a tracer that cannot read')),
        withLines: (stack) => Promise.resolve(stack),
        target: `synthetic ${argv.join(' ')}`,
        intervalMs: 250,
        sort: 'size',
        environment: process.env,
        stage,
        leave: stop,
      });
    }
    return `what ${argv.join(' ')} printed\n`;
  },
  intervalMs: Number(process.env['INTERVAL_MS'] ?? 250),
  about: process.env['ABOUT'] === undefined ? null : Number(process.env['ABOUT']),
  isRoot: true,
  environment: process.env,
  leave: new AbortController().signal,
});
process.stdout.write('left the screen\n');
