import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

import { percentile, table } from './workload.ts';

const memtrace = path.resolve(import.meta.dirname, '../memtrace');
const rounds = Number(process.argv[2] ?? 11);
const smallFiles = 10_000;
const bigBytes = 4 * 2 ** 30;

/** A shell's words, with `$1` for what is measured. */
interface Tool {
  readonly name: string;
  readonly directory: string;
  readonly file: string;
}

const tools: readonly Tool[] = [
  { name: 'memtrace file', directory: `${memtrace} file "$1"`, file: `${memtrace} file "$1"` },
  {
    name: 'memtrace file --top 20',
    directory: `${memtrace} file --top 20 "$1"`,
    file: `${memtrace} file --top 20 "$1"`,
  },
  { name: 'fincore', directory: 'fincore "$1"/*', file: 'fincore "$1"' },
  { name: 'vmtouch -v', directory: 'vmtouch -v "$1"', file: 'vmtouch -v "$1"' },
  { name: 'vmtouch (sum only)', directory: 'vmtouch "$1"', file: 'vmtouch "$1"' },
  { name: 'pcstat', directory: 'pcstat "$1"/*', file: 'pcstat "$1"' },
];
const isHere = ({ name }: Tool): boolean =>
  name.startsWith('memtrace') || spawnSync('which', [name.split(' ')[0] ?? '']).status === 0;

/** Milliseconds from the start of a shell to its end; its output goes to /dev/null. */
function time(words: string, target: string): number {
  const began = performance.now();
  const { status } = spawnSync('sh', ['-c', words, 'sh', target], { stdio: 'ignore' });
  if (status !== 0) throw new Error(`${words} ended with ${status}`);
  return performance.now() - began;
}

/** Interleaved: each round has every tool, and begins with another one. */
function compare(title: string, what: 'directory' | 'file', target: string): void {
  const present = tools.filter(isHere);
  const times = new Map(present.map(({ name }) => [name, [] as number[]]));
  for (const tool of present) time(tool[what], target);
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < present.length; i++) {
      const tool = present[(i + round) % present.length];
      if (tool) times.get(tool.name)?.push(time(tool[what], target));
    }
  }
  const ours = times.get('memtrace file') ?? [];
  const rows = present.map(({ name }) => {
    const values = times.get(name) ?? [];
    const ratios = values.map((value, round) => value / (ours[round] ?? Number.NaN));
    return [
      name,
      ...[0.5, 0].map((p) => percentile(values, p).toFixed(1)),
      `${percentile(ratios, 0.5).toFixed(2)}x`,
    ];
  });
  const absent = tools.filter((tool) => !isHere(tool)).map(({ name }) => name);
  const note = absent.length === 0 ? '' : ` (not here: ${absent.join(', ')})`;
  process.stdout.write(`${title}, ${rounds} interleaved rounds${note}\n`);
  process.stdout.write(
    `${table([['ms', 'median', 'least', 'of memtrace, median of the rounds'], ...rows])}\n`,
  );
}

const folder = mkdtempSync('/var/tmp/memtrace-bench-');
try {
  const small = path.join(folder, 'small');
  mkdirSync(small);
  for (let i = 0; i < smallFiles; i++) writeFileSync(path.join(small, `file-${i}`), `file ${i}\n`);
  compare(`${smallFiles} small files in a directory`, 'directory', small);

  // Sparse, and read once: holes fill the cache as data does.
  const big = path.join(folder, 'big');
  writeFileSync(big, '');
  truncateSync(big, bigBytes);
  const fd = openSync(big, 'r');
  const buffer = Buffer.alloc(2 ** 22);
  while (readSync(fd, buffer) > 0);
  closeSync(fd);
  compare('one file of 4 GiB, cached', 'file', big);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
