import type { NextCommand } from './verdict.ts';

const command = (argv: readonly string[], does: string, needsRoot: boolean): NextCommand => ({
  argv: ['memtrace', ...argv],
  does,
  needsRoot,
});

/** The commands that verdicts lead to. */
export const leakOf = (pid: number): NextCommand =>
  command(['leak', '-p', String(pid)], 'which call stacks hold what it allocates', true);

export const kernelLeak = (): NextCommand =>
  command(['leak', '10'], "the kernel's own allocations, by call stack", true);

export const cacheByProcess = (cgroup: string | null = null): NextCommand =>
  command(
    ['cache', '--by', 'process', ...(cgroup === null ? [] : ['--cgroup', cgroup])],
    'who reads and who evicts whom',
    true,
  );

export const cacheByDirtied = (): NextCommand =>
  command(['cache', '--by', 'process', '--sort', 'dirtied'], 'who dirties the pages', true);

export const cacheTop = (): NextCommand =>
  command(['cache', '--top'], 'which files fill it, also those of tmpfs', true);

export const segmentsOf = (pid: number): NextCommand =>
  command(['triage', '-p', String(pid)], 'which part of its memory it is, and what grows', false);

export const watchLonger = (): NextCommand =>
  command(['triage', '--duration', '1m'], 'the same over a minute', false);

/** Whether it looks at the whole machine, as memtrace does without a command. */
export const isPlainTriage = ({ argv }: NextCommand): boolean =>
  argv[1] === 'triage' && !argv.includes('-p');
