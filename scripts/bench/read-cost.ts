import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';

import { bpf, type BpfObject } from '../../src/native/bpf.ts';
import { linesOf, nextLine, percentile, table, Workload } from './workload.ts';

const here = import.meta.dirname;
const memtrace = path.resolve(here, '../memtrace');
const modes = ['none', 'memtrace cache', 'shared hash'] as const;
type Mode = (typeof modes)[number];

const rounds = Number(process.argv[2] ?? 9);
const reads = 300_000;
const folder = mkdtempSync('/var/tmp/memtrace-bench-');

/** Attaches what counts in this mode; the function given back detaches it. */
async function attach(mode: Mode): Promise<() => Promise<void>> {
  switch (mode) {
    case 'none':
      return async () => {};
    case 'memtrace cache':
      return await attachMemtrace();
    case 'shared hash':
      return await attachPeer();
  }
}

async function attachMemtrace(): Promise<() => Promise<void>> {
  const tracer = spawn(memtrace, ['cache', '--format', 'json', '3600'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(tracer, 'close');
  await nextLine(linesOf(tracer)[Symbol.asyncIterator](), 'memtrace');
  return async () => {
    tracer.stdout.resume();
    tracer.kill('SIGINT');
    await closed;
  };
}

const peerFile = path.join(folder, 'peer.bpf.o');

async function attachPeer(): Promise<() => Promise<void>> {
  const object: BpfObject = new (bpf().BpfObject)(peerFile);
  await object.load();
  const event = 'mm_filemap_get_pages';
  await object.attach({ kind: 'raw-tracepoint', program: 'count_call', event });
  return async () => await object.close();
}

try {
  const multiarch = `/usr/include/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
  const flags = ['-target', 'bpf', '-O2', '-g', '-idirafter', multiarch];
  execFileSync('clang', [...flags, '-c', path.join(here, 'peer.bpf.c'), '-o', peerFile]);
  const workload = new Workload('preads.c', [path.join(folder, 'file')]);
  const costs = new Map<Mode, number[]>(modes.map((mode) => [mode, []]));
  await workload.ask('preads', reads);
  for (let round = 0; round < rounds; round++) {
    // All modes side by side, each round beginning with another: noise of the machine hits them alike.
    for (let i = 0; i < modes.length; i++) {
      const mode = modes[(i + round) % modes.length] ?? 'none';
      const detach = await attach(mode);
      costs.get(mode)?.push(await workload.ask('preads', reads));
      await detach();
    }
  }
  workload.end();
  const plain = percentile(costs.get('none') ?? [], 0.5);
  const rows = modes.map((mode) => {
    const values = costs.get(mode) ?? [];
    const [least, median] = [0, 0.5].map((p) => percentile(values, p)) as [number, number];
    return [mode, least.toFixed(0), median.toFixed(0), (median - plain).toFixed(0)];
  });
  process.stdout.write(
    `pread() of a cached page of 4 KiB, ns of CPU time, ${rounds} interleaved rounds\n`,
  );
  process.stdout.write(table([['counted by', 'least', 'median', 'added'], ...rows]));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
