import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';

import { afterAll } from 'vitest';

import { Dialogue } from './dialogue.ts';
import { LineQueue } from './line-queue.ts';
import type { Report } from './report.ts';
import { requires } from './require.ts';

/** The checkout's own; another one (an installed package) where MEMTRACE_COMMAND says so. */
export const command =
  process.env['MEMTRACE_COMMAND'] ?? path.resolve(import.meta.dirname, '../../scripts/memtrace');

/** What a run of memtrace that ended by itself left behind. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Commands that stand before memtrace: setpriv, nsenter and the like. */
  readonly wrapper?: readonly string[];
}

// A test that failed half-way leaves none behind.
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) killGroup(child);
});

function killGroup(child: ChildProcess): void {
  try {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}

/** Starts memtrace with pipes, in a process group of its own; ended after the tests, if it runs still. */
export function startMemtrace(args: readonly string[], options: Options = {}): ChildProcess {
  const [program, ...rest] = [...(options.wrapper ?? []), command, ...args];
  const child = spawn(program ?? command, rest, {
    stdio: ['pipe', 'pipe', 'pipe'],
    // A process group of its own, so that a command it has started can be ended with it.
    detached: true,
    env: { ...process.env, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  started.push(child);
  return child;
}

/** Runs memtrace to its end, with `stdin` as its input; a command that it started and that goes on is ended then. */
export async function runMemtrace(
  args: readonly string[],
  options: Options & { readonly stdin?: string } = {},
): Promise<Outcome> {
  const child = startMemtrace(args, options);
  child.stdin?.on('error', () => {});
  child.stdin?.end(options.stdin ?? '');
  if (child.stdout === null || child.stderr === null)
    throw new Error('memtrace was started without pipes');
  const exited = once(child, 'exit').then(([code]) => {
    killGroup(child);
    return code;
  });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    exited,
  ]);
  return { code, stdout, stderr };
}

/**
 * `memtrace leak` on something that runs: reports are taken as they come, the last one by stopping it. What is said to
 * it goes to the command that it started, which has its stdin and stdout.
 */
export class Tracer extends Dialogue {
  readonly pid: number;
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #lines: LineQueue;
  #stderr = '';

  private constructor(child: ChildProcess, lines: LineQueue) {
    super(child.stdin, lines);
    this.#child = child;
    this.#lines = lines;
    this.pid = child.pid ?? 0;
    this.exited = once(child, 'close').then(([code]) => code);
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString('utf8');
    });
  }

  /** Starts `memtrace leak --format json` and waits for its first report: from then on everything is seen. */
  static async attach(args: readonly string[], options: Options = {}): Promise<Tracer> {
    const tracer = Tracer.start(args, options);
    await tracer.report();
    return tracer;
  }

  /** The same without waiting. */
  static start(args: readonly string[], options: Options = {}): Tracer {
    const dash = args.indexOf('--');
    const own = dash < 0 ? args : args.slice(0, dash);
    const whole = ['--format', 'json', '--top', '1000000'];
    const child = startMemtrace(['leak', ...own, ...whole, ...args.slice(own.length)], options);
    return new Tracer(child, new LineQueue(child.stdout));
  }

  /** The next report for which `matches` holds. */
  async report(matches: (report: Report) => boolean = () => true): Promise<Report> {
    for (;;) {
      const line = await this.#lines.next(isReport).catch((error: unknown) => {
        throw new Error(`memtrace gave no such report; it said:\n${this.#stderr}`, {
          cause: error,
        });
      });
      const report = JSON.parse(line) as Report;
      if (matches(report)) return report;
    }
  }

  /** Ctrl-C: the report that memtrace ends with. Throws when it ends otherwise than with exit code 0. */
  async stop(): Promise<Report> {
    this.signal('SIGINT');
    return this.last();
  }

  /** The report that memtrace ends with by itself, when its targets do. */
  async last(): Promise<Report> {
    const code = await this.exited;
    const reports = this.#lines.pending.filter(isReport);
    const line = reports.at(-1);
    if (code !== 0 || line === undefined)
      throw new Error(`memtrace ended with ${code}; it said:\n${this.#stderr}`);
    return JSON.parse(line) as Report;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }
}

const isReport = (line: string): boolean => line.startsWith('{"v":1,"type":"report"');

/** Capability numbers of linux/capability.h. */
const capabilities = { CAP_SYS_ADMIN: 21, CAP_PERFMON: 38, CAP_BPF: 39 } as const;

function holds(name: keyof typeof capabilities): boolean {
  const effective =
    /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return ((BigInt(`0x${effective}`) >> BigInt(capabilities[name])) & 1n) === 1n;
}

/** Whether this host lets memtrace trace: a requirement of every test that attaches. */
export const canTrace = (): boolean =>
  requires(
    'bpf',
    holds('CAP_SYS_ADMIN') || (holds('CAP_BPF') && holds('CAP_PERFMON')),
    'tracing needs root',
  );
