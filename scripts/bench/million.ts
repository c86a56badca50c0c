import { bytes } from '../../src/domain/units.ts';
import { openLeakSession } from '../../src/sources/live/leak-session.ts';
import { percentile, table, Workload } from './workload.ts';

const blocks = Number(process.argv[2] ?? 1_000_000);
const repeats = 9;

async function times(read: () => Promise<unknown>): Promise<number[]> {
  const values: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const began = performance.now();
    await read();
    values.push(performance.now() - began);
  }
  return values;
}

const workload = new Workload();
const session = await openLeakSession({
  target: { kind: 'processes', pids: [workload.pid] },
  minSize: bytes(0),
  maxSize: bytes(Infinity),
  sampleRate: 1,
  maxBlocks: blocks * 2,
  stackStorageSize: 10_240,
  maxStackDepth: 127,
  follow: false,
  link: 'auto',
  object: null,
  symbolsPrefix: '',
  trace: false,
});
const rows: [string, readonly number[]][] = [];
const measure = async (count: string): Promise<void> => {
  rows.push([`summary, ${count} blocks`, await times(() => session.snapshot())]);
  rows.push([`every block, ${count}`, await times(() => session.snapshot({ blocks: true }))]);
};

await workload.ask('keep', 1000);
await measure('1000');
const kept = await workload.ask('keep', blocks);
await measure(`${blocks + 1000}`);
const last = await session.close();
workload.end();

const outstanding = last.sites.reduce(
  (sum, site) => sum + site.allocatedBlocks - site.freedBlocks,
  0,
);
process.stdout.write(
  `outstanding: ${outstanding} blocks (the last ${blocks} of ${kept} bytes) in ${last.sites.length} sites; ` +
    `kernel memory ${(last.kernelMemory / 2 ** 20).toFixed(0)} MiB\n`,
);
const cells = rows.map(([name, values]) => [
  name,
  ...[0.5, 1, 0].map((p) => percentile(values, p).toFixed(1)),
]);
process.stdout.write(table([['snapshot, ms', 'median', 'most', 'least'], ...cells]));
