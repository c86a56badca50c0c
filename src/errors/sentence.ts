import { getSystemErrorName } from 'node:util';
import type { FailureCode, Failures } from './failure.ts';

/** 0 done · 1 an asked-for limit was exceeded · 2 a critical verdict, where --strict asks for it · 64 usage · 66 no such target · 69 the kernel cannot · 70 bug · 77 no privilege. */
export const exitCodes = {
  done: 0,
  limitExceeded: 1,
  critical: 2,
  usage: 64,
  noTarget: 66,
  kernelCannot: 69,
  bug: 70,
  noPrivilege: 77,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What the user reads: `message` is one sentence without a full stop, `remedy` a command to type or a setting to change. */
export interface Entry<Code extends FailureCode> {
  readonly exitCode: ExitCode;
  readonly message: (facts: Failures[Code]) => string;
  readonly remedy: (facts: Failures[Code]) => string;
}

/** The kernel's own, which C libraries have no name for. */
const unofficial: Readonly<Record<number, string>> = { 524: 'ENOTSUPP' };

/** e.g. `EPERM`, of a positive number. */
export const errorName = (errno: number): string => unofficial[errno] ?? getSystemErrorName(-errno);

/** `errno` may be a name, a number, or words that end in a number; the number is named. */
export const named = (errno: string): string =>
  errno.replace(/(?:errno )?\b([1-9]\d*)$/, (_, digits: string) => errorName(Number(digits)));
