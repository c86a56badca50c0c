import path from 'node:path';

import type { Kernel } from './kernels.ts';
import type { Part } from './selection.ts';

/** What became of a part of the matrix on a kernel. */
export interface Cell {
  readonly part: Part;
  readonly passed: number;
  /** Names of tests, or what else is wrong. */
  readonly failed: readonly string[];
  readonly skipped: number;
  /** Why there was nothing to run, where the kernel is known to lack what it takes. */
  readonly gap: string | null;
}

/** What a test may say of itself. */
interface TestMeta {
  /** Why it was skipped: a capability that the kernel is known to lack. */
  readonly lacks?: string;
}

/** What is used of vitest's JSON report. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly meta?: TestMeta;
    }[];
  }[];
}

/** The cells of a kernel, by vitest's report; `json` is undefined where the guest left none. */
export function cellsOf(
  kernel: Kernel,
  parts: readonly Part[],
  project: string,
  json: string | undefined,
): Cell[] {
  const report = parsed<Report>(json);
  if (report !== undefined)
    return parts.map((part) => cellOf(kernel, part, filesOf(report, part, project)));
  const failed = [`the guest left ${json === undefined ? 'no report' : 'half a report'}`];
  return parts.map((part) => ({ part, passed: 0, failed, skipped: 0, gap: null }));
}

/** Undefined for what is not there, or was not written to its end. */
export function parsed<T>(json: string | undefined): T | undefined {
  try {
    return json === undefined ? undefined : (JSON.parse(json) as T);
  } catch {
    return undefined;
  }
}

type TestFile = Report['testResults'][number];

const filesOf = (report: Report, part: Part, project: string): readonly TestFile[] =>
  report.testResults.filter(({ name }) => path.relative(project, name) === part.file);

function cellOf(kernel: Kernel, part: Part, files: readonly TestFile[]): Cell {
  const lack = (capability = part.needs): string | undefined => kernel.lacks[capability ?? ''];
  // What another part of the same file asked for is not of this one.
  const own = files
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ fullName }) => part.like.some((like) => like.test(fullName)));
  const named = (status: string): string[] =>
    own.filter((each) => each.status === status).map(({ fullName }) => fullName);
  const passed = named('passed');
  const unrun = own.filter(({ status }) => status !== 'passed' && status !== 'failed');
  const unexplained = unrun.filter(({ meta }) => lack(meta?.lacks) === undefined);
  const failed = [
    ...named('failed'),
    ...files.flatMap(brokenOf),
    ...unexplained.slice(0, 1).map((one) => `${unexplained.length} not run: ${one.fullName}`),
  ];
  const cell = { part, passed: passed.length, failed, skipped: unrun.length, gap: null };
  if (failed.length > 0) return cell;
  const why = lack();
  if (why !== undefined) {
    return passed.length === 0
      ? { ...cell, gap: why }
      : { ...cell, failed: [`${kernel.name} is said to lack ${part.needs}, and does not`] };
  }
  const unproved = part.like.filter((like) => !passed.some((name) => like.test(name)));
  return { ...cell, failed: unproved.map(({ source }) => `nothing passed that is like ${source}`) };
}

/** What is wrong with a file beside its tests: it cannot be loaded, or what comes before or after them failed. */
function brokenOf({ name, status, message, assertionResults }: TestFile): string[] {
  const isTold = assertionResults.some((each) => each.status === 'failed');
  if (status !== 'failed' || isTold) return [];
  return [message.split('\n')[0] || `${path.basename(name)} failed beside its tests`];
}
