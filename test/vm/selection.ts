import type { Machine } from './machine.ts';

/** A part of the matrix: tests that are run on every kernel, as one cell of its table. */
export interface Part {
  readonly title: string;
  /** Below the checkout. */
  readonly file: string;
  /** Of the file's tests, those whose full name is like one of these; each is to be like a test that passed. */
  readonly like: readonly RegExp[];
  /** Kernels that do for it, where more of them take too long. */
  readonly only?: readonly string[];
  /** The machine that has it; all do. */
  readonly machine?: Machine['debian'];
  /** The capability without which there is nothing to run. */
  readonly needs?: string;
  /** Whether its tests compare figures with a truth that is known in advance. */
  readonly measures?: true;
  /** Whether it loads every object, and leaves what the verifier counted. */
  readonly loadsObjects?: true;
}

/** xfs has large folios from 5.18 on, ext4 from 6.16 on. */
const truths = (mode: string, fileSystem: string): Part => ({
  title: `cache by ${mode}, on ${fileSystem}`,
  file: 'test/cache/truth.test.ts',
  like: [new RegExp(`by ${mode}, the pages of a file on ${fileSystem}`)],
  needs: mode,
  measures: true,
});

const links = (link: string): Part => ({
  title: `leak by ${link} links`,
  file: 'test/leak/links.test.ts',
  like: ['nested', 'eight threads'].map(
    (what) => new RegExp(`by ${link} links the truth is the same.*${what}`),
  ),
  needs: `link ${link}`,
  measures: true,
});

/** What is run on a kernel when nothing else is asked for. */
export const selection: readonly Part[] = [
  {
    title: 'every object loads and attaches',
    file: 'test/guest/objects.test.ts',
    like: [/on this kernel, of objects/],
    loadsObjects: true,
  },
  {
    title: 'doctor says what is so',
    file: 'test/guest/verdict.test.ts',
    like: [/on this kernel, doctor/],
  },
  {
    title: 'with less than it wants',
    file: 'test/guest/degraded.test.ts',
    like: [/on this kernel, without/],
    only: ['5.10', 'sid'],
  },
  ...['session', 'multi', 'perf-event'].map(links),
  {
    title: 'leak: allocator functions',
    file: 'test/leak/family.test.ts',
    like: [/every allocator function of glibc /, /every allocator function of musl, static /],
    measures: true,
  },
  {
    title: 'leak: signed return addresses',
    file: 'test/leak/family.test.ts',
    like: [/every allocator function of glibc, signed return addresses /],
    measures: true,
    machine: 'arm64',
  },
  {
    title: 'leak: fork, exec, dlopen',
    file: 'test/leak/lives.test.ts',
    like: [/a child that was forked/, /dlopen/],
    measures: true,
  },
  {
    title: 'leak: what is lost is said',
    file: 'test/leak/scale.test.ts',
    like: [/block table that is too small/, /unknown frees/],
    measures: true,
  },
  {
    title: 'leak: few capabilities',
    file: 'test/leak/privileges.test.ts',
    like: [/CAP_PERFMON are enough/],
    measures: true,
    // Elsewhere they are not: `with less than it wants` has that.
    only: ['6.12', 'sid'],
  },
  {
    title: 'leak: sealed by seccomp',
    file: 'test/leak/no-harm.test.ts',
    like: [/seccomp has sealed/],
  },
  { title: 'leak of the kernel', file: 'test/leak/kernel.test.ts', like: [/400 pipes/] },
  {
    title: 'cache: names of files',
    file: 'test/cache/file-names.test.ts',
    like: [
      /(?<!on \S+ )the name of an inode.{1,3}is its path/,
      /is what a file was called that is deleted/,
      /is one of its paths for a hard link/,
      /is the path there, of a file system that only it sees/,
    ],
  },
  {
    title: 'cache: what fills it',
    file: 'test/cache/top.test.ts',
    like: [/accounts for at least 99 %/, /that a process read which has exited/],
    measures: true,
  },
  truths('fentry', 'xfs'),
  truths('kprobe', 'ext4'),
  truths('btf-tracepoint', 'xfs'),
  truths('tracepoint', 'ext4'),
];

/** Patterns of test/targets/pages.c that are played in a guest, where all would take too long. */
export const patterns =
  '^((read-4k|read-128k|map|map-random|overwrite-4k|threads)-(cold|warm)|(random-4k|parts|mix|sendfile|splice|copy|uring|direct-read)-cold|read-half|append-4k|direct-write)$';

export const partsFor = (kernel: string, { debian }: Machine): readonly Part[] =>
  selection.filter(
    ({ only, machine = debian }) => (only?.includes(kernel) ?? true) && machine === debian,
  );

/** Arguments of vitest. It runs them all at once: its start takes longer than most of them. */
export function vitestArguments(parts: readonly Part[]): readonly string[] {
  const files = [...new Set(parts.map(({ file }) => file))];
  return ['-t', parts.flatMap(({ like }) => like.map(({ source }) => source)).join('|'), ...files];
}

/** A kernel that is booted once more, so that BPF may not read memory. */
export const lockedDown = {
  kernel: '6.12',
  title: '6.12 locked down',
  words: ['lockdown=confidentiality'],
  part: {
    title: 'lockdown=confidentiality',
    file: 'test/guest/lockdown.test.ts',
    like: [/on this kernel, locked down/],
  },
} as const;
