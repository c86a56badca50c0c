import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../src/cli/command-line.ts';
import { readLeak } from '../../src/cli/leak/parse.ts';
import type { LeakRequest } from '../../src/cli/leak/request.ts';
import { exitCodes, explain } from '../../src/errors/catalog.ts';
import { Failure } from '../../src/errors/failure.ts';

const parseLeak = (words: readonly string[]): LeakRequest | Failure => {
  try {
    const parsed = parseArguments(['leak', ...words]);
    if (!('command' in parsed)) throw new Error('it would have printed');
    return readLeak(parsed.args);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
};

/** Splits at blanks; `~` stands for a blank inside of a word. */
const typed = (line: string) =>
  line
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => word.replaceAll('~', ' '));

const plain = parseLeak(['-p', '1']) as LeakRequest;
const processes = (...pids: number[]) => ({ kind: 'processes', pids });
const command = (...argv: string[]) => ({ kind: 'command', argv });

type Expected = {
  readonly [Part in keyof LeakRequest]?: LeakRequest[Part] extends object
    ? object
    : LeakRequest[Part];
};

const understood: readonly (readonly [string, Expected])[] = [
  [
    '-p 12',
    { target: processes(12), schedule: { interval: null, count: Infinity, duration: Infinity } },
  ],
  ['-p12', { target: processes(12) }],
  ['-p 12,13 --pid=14', { target: processes(12, 13, 14) }],
  ['-p 12 -p 12,12', { target: processes(12) }],
  ['-ap 12', { target: processes(12), report: { showBlocks: true } }],
  ['-at -p12', { target: processes(12), report: { showBlocks: true }, session: { trace: true } }],
  ['-p 12 5', { schedule: { interval: 5000, count: Infinity } }],
  ['5 -p 12 10', { schedule: { interval: 5000, count: 10 } }],
  ['-p 12 0.5 2', { schedule: { interval: 500, count: 2 } }],
  ['-p 12 -T 1 1 2', { report: { top: 1 }, schedule: { interval: 1000, count: 2 } }],
  [
    '-c ./app~kind~30000 -T 1 1 2',
    {
      target: command('./app', 'kind', '30000'),
      report: { top: 1 },
      schedule: { interval: 1000, count: 2 },
    },
  ],
  ["-c ./app~'a~b'~\"c~d\"~e\\~f~''", { target: command('./app', 'a b', 'c d', 'e f', '') }],
  ['-c ./app~-x~$HOME~*.c', { target: command('./app', '-x', '$HOME', '*.c') }],
  [
    '-a -- ./app -a -p 3 -- x',
    { target: command('./app', '-a', '-p', '3', '--', 'x'), report: { showBlocks: true } },
  ],
  ['1 2 -- ./app', { target: command('./app'), schedule: { interval: 1000, count: 2 } }],
  ['-- ./app --help', { target: command('./app', '--help') }],
  ['--name redis-server', { target: { kind: 'name', name: 'redis-server' } }],
  ['', { target: { kind: 'kernel', percpu: false, missingFreeWorkaround: false } }],
  ['-PF', { target: { kind: 'kernel', percpu: true, missingFreeWorkaround: true } }],
  [
    '--percpu --wa-missing-free 3 4',
    {
      target: { kind: 'kernel', percpu: true, missingFreeWorkaround: true },
      schedule: { interval: 3000, count: 4 },
    },
  ],
  ['-p 1 -T10 -T 20', { report: { top: 20 } }],
  ['-p 1 -o 500', { report: { olderThan: 500 } }],
  ['-p 1 --older=0', { report: { olderThan: 0 } }],
  ['-p 1 -C --sort count', { report: { combinedOnly: true, sort: 'count' } }],
  ['-p 1 -z 100 -Z 100', { session: { minSize: 100, maxSize: 100 } }],
  ['-p 1 -z 4k -Z 2MiB', { session: { minSize: 4096, maxSize: 2 * 1024 * 1024 } }],
  ['-p 1 -Olibfoo.so -Sje_', { session: { object: 'libfoo.so', symbolsPrefix: 'je_' } }],
  ['-p 1 -s 100', { session: { sampleRate: 100 } }],
  ['-p 1 --no-follow --link perf-event', { session: { follow: false, link: 'perf-event' } }],
  [
    '-p 1 --max-blocks 1000 --stack-storage-size 64 --perf-max-stack-depth 16',
    { session: { maxBlocks: 1000, stackStorageSize: 64, maxStackDepth: 16 } },
  ],
  ['-p 1 --duration 15', { schedule: { duration: 15_000 } }],
  ['-p 1 --duration 15s', { schedule: { duration: 15_000 } }],
  ['-p 1 --duration 2m', { schedule: { duration: 120_000 } }],
  ['-p 1 --duration 1.5h', { schedule: { duration: 5_400_000 } }],
  ['-p 1 --duration 250ms', { schedule: { duration: 250 } }],
  [
    '-p 1 --format json --plain --strict --dry-run',
    { format: 'json', plain: true, strict: true, dryRun: true },
  ],
];

const refused: readonly (readonly [string, RegExp, RegExp?])[] = [
  ['--frobnicate', /no option --frobnicate/, /--help/],
  ['--tpo 5', /no option --tpo/, /--top/],
  ['--show-alocs -p 1', /no option --show-alocs/, /--show-allocs/],
  ['-p 1 -V', /no option -V/],
  ['-p 1 -aX', /no option -X/],
  ['-T', /--top needs a value/, /--top 10/],
  ['-p 1 -T ten', /whole number.*'ten'/, /--top 10/],
  ['-p 1 -T 0', /at least 1.*'0'/],
  ['-p 1 -T -1', /at least 1.*'-1'/],
  ['-p 1 -T 1.5', /whole number/],
  ['-p 1 -T 99999999999999999999', /whole number/],
  ['-p 1 -T=', /needs a value|whole number/],
  ['-p 1 --plain=yes', /--plain takes no value/],
  ['-p 0', /process id, not '0'/],
  ['-p -3', /process id, not '-3'/],
  ['-p 12,', /process id, not ''/],
  ['-p 99999999', /process id/],
  ['-p redis', /process id, not 'redis'/, /--name 'redis'/],
  ['-p 1 0', /INTERVAL/],
  ['-p 1 -5', /INTERVAL.*'-5'/],
  ['-p 1 5 0', /COUNT.*'0'/],
  ['-p 1 5 -2', /COUNT.*'-2'/],
  ['-p 1 5 1.5', /COUNT/],
  ['-p 1 5 2 7', /'7' comes after/],
  ['./app', /INTERVAL.*'\.\/app'/, /leak -- \.\/app/],
  ['-p 1 -z 10 -Z 5', /min-size 10 is more than --max-size 5/, /-z 5 -Z 10/],
  ['-p 1 -z big', /number of bytes, not 'big'/],
  ['-p 1 -o soon', /whole number/],
  ['-p 1 -s 0', /from 1 to/],
  ['-p 1 --perf-max-stack-depth 128', /from 1 to 127/],
  ['-p 1 --max-blocks 0', /from 1/],
  ['-p 1 --duration 0', /a time/],
  ['-p 1 --duration 2w', /a time/],
  ['-p 1 --duration 100h --duration 1000h', /20 days/],
  ['-p 1 --format xml', /text or json, not 'xml'/],
  ['-p 1 --sort name', /size or count/],
  ['-p 1 --link kprobe', /perf-event, not 'kprobe'/],
  ['-p 1 -c ./app', /--pid and --command cannot go together/],
  ['-p 1 -- ./app', /--pid and a command after --/],
  ['-c ./app -- ./app', /--command and a command after --/],
  ['--name x -p 1', /--pid and --name/],
  ['--', /no command to start/],
  ['-c ~', /no command to start/],
  ["-c ./app~'open", /quote that does not end/],
  ['--name=', /needs a name/],
  ['-p 1 --percpu', /--percpu is for the kernel/],
  ['-- ./app'.replace('--', '-F --'), /--wa-missing-free is for the kernel/],
  ['-O libfoo.so', /--obj is for processes/],
  ['-p 1 -C -a', /--show-allocs looks at single blocks/],
  ['-p 1 -C -o 500', /--older looks at single blocks/],
];

describe('the arguments of memtrace leak', () => {
  it.each(understood.map(([line, expected]) => ({ line, expected })))(
    'understands: $line',
    ({ line, expected }) => {
      const words = typed(line);
      expect(
        parseLeak(expected.target || words.includes('-p') ? words : ['-p', '1', ...words]),
      ).toMatchObject(expected);
    },
  );

  it.each(refused.map(([line, problem, remedy = /./]) => ({ line, problem, remedy })))(
    'refuses in one sentence: $line',
    ({ line, problem, remedy }) => {
      const result = parseLeak(typed(line));
      if (!(result instanceof Failure)) throw new Error('it was understood');
      const { exitCode, ...said } = explain(result);
      expect(exitCode).toBe(exitCodes.usage);
      expect(said.message).toMatch(problem);
      expect(said.message).not.toMatch(/\n/);
      expect(said.remedy).toMatch(remedy);
    },
  );

  it('has the defaults that its help names', () => {
    expect(plain).toEqual({
      target: { kind: 'processes', pids: [1] },
      session: {
        minSize: 0,
        maxSize: Infinity,
        sampleRate: 1,
        maxBlocks: 2_097_152,
        stackStorageSize: 10_240,
        maxStackDepth: 127,
        follow: true,
        link: 'auto',
        object: null,
        symbolsPrefix: '',
        trace: false,
      },
      report: { top: 10, sort: 'size', olderThan: 0, showBlocks: false, combinedOnly: false },
      schedule: { interval: null, count: Infinity, duration: Infinity },
      format: 'text',
      plain: false,
      strict: false,
      dryRun: false,
    });
  });
});
