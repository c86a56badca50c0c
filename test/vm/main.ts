import { parseArgs } from 'node:util';
import path from 'node:path';

import { isRequired } from '../support/require.ts';
import { runGuest } from './guest.ts';
import { kernelImage, Unreachable } from './kernel-image.ts';
import { type Kernel, kernels } from './kernels.ts';
import { selection } from './selection.ts';

const project = path.resolve(import.meta.dirname, '../..');

type Verdict = 'passed' | 'failed' | 'did not end' | 'skipped';

interface Row {
  readonly kernel: Kernel;
  readonly release: string;
  readonly verdict: Verdict;
  readonly seconds: number;
  readonly note: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kernel: { type: 'string', multiple: true, default: kernels.map(({ name }) => name) },
    timeout: { type: 'string', default: '1500' },
    append: { type: 'string', multiple: true, default: [] },
    env: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
});

const usage = `usage: scripts/test-kernels [--kernel NAME]… [--append WORD]… [--env NAME=VALUE]… [--timeout SECONDS] [-- COMMAND…]
Boots each kernel (${kernels.map(({ name }) => name).join(', ')}) and runs COMMAND in this checkout there; else the tests of test/vm/selection.ts.
`;

/** A row per kernel; the archive being out of reach is a failure only where MEMTRACE_REQUIRE asks for kernels. */
async function row(kernel: Kernel): Promise<Row> {
  try {
    const image = await kernelImage(kernel);
    process.stdout.write(`\n== ${kernel.name}: ${image.release} (${image.version})\n`);
    const end = await runGuest(image, {
      command: positionals.length > 0 ? positionals : selection(kernel),
      directory: project,
      environment: Object.fromEntries(values.env.map(setting)),
      kernelWords: values.append,
      timeoutSeconds: Number(values.timeout),
      write: (text) => process.stdout.write(text),
    });
    if (end.status !== 0)
      process.stdout.write(`\n-- console of ${kernel.name}\n${lastLines(end.console)}\n`);
    const verdict =
      end.status === undefined ? 'did not end' : end.status === 0 ? 'passed' : 'failed';
    const note = end.status === undefined || end.status === 0 ? '' : `exit status ${end.status}`;
    return { kernel, release: image.release, verdict, seconds: end.seconds, note };
  } catch (error) {
    if (!(error instanceof Unreachable) || required) throw error;
    return { kernel, release: '-', verdict: 'skipped', seconds: 0, note: error.message };
  }
}

const required = isRequired('kernels');

function setting(text: string): [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}

const lastLines = (text: string): string => text.split('\n').slice(-100).join('\n');

function table(rows: readonly Row[]): string {
  const cells = rows.map((one) => [
    one.kernel.name.padEnd(8),
    one.release.padEnd(24),
    one.verdict.padEnd(12),
    `${one.seconds.toFixed(0)} s`.padStart(7),
    one.note,
  ]);
  return cells.map((line) => `${line.join(' ').trimEnd()}\n`).join('');
}

if (values.help) {
  process.stdout.write(usage);
} else {
  const chosen = values.kernel.map((name) => {
    const kernel = kernels.find((one) => one.name === name);
    if (kernel === undefined) throw new Error(`no kernel is called ${name}\n${usage}`);
    return kernel;
  });
  const rows: Row[] = [];
  // One guest at a time: each keeps a processor busy.
  for (const kernel of chosen) rows.push(await row(kernel));
  process.stdout.write(`\n${table(rows)}`);
  process.exitCode = rows.every(({ verdict }) => verdict === 'passed' || verdict === 'skipped')
    ? 0
    : 1;
}
