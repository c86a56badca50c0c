import { split } from 'shlex';
import { bytes, milliseconds } from '../../domain/units.ts';
import type { LeakTarget } from '../../sources/live/request.ts';
import { flag, last, optional } from '../arguments.ts';
import type { Arguments, OptionRow } from '../option.ts';
import { readSchedule } from '../schedule.ts';
import { usage } from '../usage.ts';
import * as values from '../values.ts';
import {
  leakDefaults as defaults,
  leakOptions as rows,
  linkChoices,
  outputFormats,
  sortKeys,
} from './options.ts';
import type { LeakRequest } from './request.ts';

const readCommand = (words: readonly string[]): LeakTarget => {
  const [program, ...rest] = words;
  if (program === undefined || program === '') {
    throw usage('there is no command to start', 'for example memtrace leak -- ./app --port 80');
  }
  return { kind: 'command', argv: [program, ...rest] };
};

const splitCommand = (text: string): string[] => {
  try {
    return split(text);
  } catch {
    throw usage(
      `the command "${text}" has a quote that does not end`,
      'close it, or give the words after --: memtrace leak -- CMD ARGS',
    );
  }
};

const readTarget = (args: Arguments): LeakRequest['target'] => {
  const given = [
    flag(args, rows.pid) && '--pid',
    flag(args, rows.name) && '--name',
    flag(args, rows.command) && '--command',
    args.rest !== null && 'a command after --',
  ].filter((name) => name !== false);
  if (given.length > 1)
    throw usage(
      `${given.join(' and ')} cannot go together`,
      `give one of them, for example memtrace leak ${given[0] === '--pid' ? '-p PID' : '-- ./app'}`,
    );
  if (args.rest !== null) return readCommand(args.rest);
  const command = last(args, rows.command);
  if (command !== undefined) return readCommand(splitCommand(command));
  const name = last(args, rows.name);
  if (name === '') throw usage('--name needs a name', `for example --name ${rows.name.example}`);
  if (name !== undefined) return { kind: 'name', name };
  const ids = args.options.get(rows.pid.name);
  if (ids) {
    const byName = (name: string) => `memtrace leak --name '${name}'`;
    return { kind: 'processes', pids: values.pids(rows.pid, ids, byName) };
  }
  return {
    kind: 'kernel',
    percpu: flag(args, rows.percpu),
    missingFreeWorkaround: flag(args, rows.missingFree),
  };
};

/** Options that would be without effect are refused: nobody should wait for what cannot come. */
const refuseIdle = (args: Arguments, kernel: boolean): void => {
  const forKernel = [rows.percpu, rows.missingFree];
  const forProcesses = [rows.object, rows.symbolsPrefix, rows.noFollow, rows.link];
  const idle = (kernel ? forProcesses : forKernel).find((row) => flag(args, row));
  if (idle) {
    throw usage(
      `--${idle.name} is for ${kernel ? 'processes, and no process was given' : 'the kernel, and a process was given'}`,
      kernel
        ? 'give a target: memtrace leak -p PID'
        : `leave the target out: memtrace leak --${idle.name}`,
    );
  }
  if (!flag(args, rows.combinedOnly)) return;
  const single = [rows.showAllocs, rows.older].find((row) => flag(args, row));
  if (single)
    throw usage(
      `--${single.name} looks at single blocks, and --combined-only never reads them`,
      'leave one of the two out',
    );
};

/** Understands the arguments of `memtrace leak`. Pure. Throws a usage failure. */
export const readLeak = (args: Arguments): LeakRequest => {
  const target = readTarget(args);
  refuseIdle(args, target.kind === 'kernel');
  const tooMany = args.positionals.slice(2);
  if (tooMany.length > 0) {
    throw usage(
      `'${tooMany[0]}' comes after INTERVAL and COUNT and means nothing here`,
      `to trace a command: memtrace leak -- ${tooMany.join(' ')}`,
    );
  }
  const minSize = optional(args, rows.minSize, values.size, bytes(0));
  const maxSize = optional(args, rows.maxSize, values.size, bytes(Number.POSITIVE_INFINITY));
  if (minSize > maxSize) {
    throw usage(
      `--min-size ${minSize} is more than --max-size ${maxSize}`,
      `swap them: -z ${maxSize} -Z ${minSize}`,
    );
  }
  const atLeast = (least: number, most?: number) => (row: OptionRow, text: string) =>
    values.wholeNumber(row, text, least, most);
  return {
    target,
    session: {
      minSize,
      maxSize,
      sampleRate: optional(args, rows.sampleRate, atLeast(1, 2 ** 31), defaults.sampleRate),
      maxBlocks: optional(args, rows.maxBlocks, atLeast(1, 2 ** 28), defaults.maxBlocks),
      stackStorageSize: optional(
        args,
        rows.stackStorageSize,
        atLeast(1, 2 ** 24),
        defaults.stackStorageSize,
      ),
      maxStackDepth: optional(
        args,
        rows.maxStackDepth,
        atLeast(1, defaults.maxStackDepth),
        defaults.maxStackDepth,
      ),
      follow: !flag(args, rows.noFollow),
      link: optional(
        args,
        rows.link,
        (row, text) => values.choice(row, text, linkChoices),
        'auto' as const,
      ),
      object: last(args, rows.object) ?? null,
      symbolsPrefix: last(args, rows.symbolsPrefix) ?? '',
      trace: flag(args, rows.trace),
    },
    report: {
      top: optional(args, rows.top, atLeast(1), defaults.top),
      sort: optional(
        args,
        rows.sort,
        (row, text) => values.choice(row, text, sortKeys),
        'size' as const,
      ),
      olderThan: milliseconds(optional(args, rows.older, atLeast(0), 0)),
      showBlocks: flag(args, rows.showAllocs),
      combinedOnly: flag(args, rows.combinedOnly),
    },
    schedule: readSchedule(args, rows.duration, 'leak -p PID'),
    format: optional(
      args,
      rows.format,
      (row, text) => values.choice(row, text, outputFormats),
      'text' as const,
    ),
    plain: flag(args, rows.plain),
    strict: flag(args, rows.strict),
    dryRun: flag(args, rows.dryRun),
  };
};
