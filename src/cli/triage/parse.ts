import type { Milliseconds } from '../../domain/units.ts';
import { flag, optional } from '../arguments.ts';
import type { Arguments, OptionRow } from '../option.ts';
import { usage } from '../usage.ts';
import * as values from '../values.ts';
import { triageFormatNames, triageOptions as rows } from './options.ts';
import type { TriageRequest } from './request.ts';

/** Understands the arguments of `memtrace triage`. Pure. Throws a usage failure. */
export const readTriage = (args: Arguments): TriageRequest => {
  const [extra] = [...args.positionals, ...(args.rest ?? [])];
  if (extra !== undefined) {
    throw usage(
      `'${extra}' means nothing to triage`,
      'for how long and how often: memtrace triage --duration 30s --interval 2s',
    );
  }
  return {
    pids: values.pids(rows.pid, args.options.get(rows.pid.name) ?? []),
    interval: optional<Milliseconds | null>(args, rows.interval, values.duration, null),
    duration: optional<Milliseconds | null>(args, rows.duration, values.duration, null),
    format: optional(
      args,
      rows.format,
      (row: OptionRow, text) => values.choice(row, text, triageFormatNames),
      'text',
    ),
    plain: flag(args, rows.plain),
    strict: flag(args, rows.strict),
    explain: flag(args, rows.explain),
  };
};
