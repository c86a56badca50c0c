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

/** What is used of vitest's JSON report. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
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
  const report = json === undefined ? undefined : (JSON.parse(json) as Report);
  return parts.map((part) => cellOf(kernel, part, report && resultsOf(report, part, project)));
}

interface Results {
  readonly passed: number;
  readonly failed: readonly string[];
  readonly skipped: number;
}

function resultsOf(report: Report, part: Part, project: string): Results {
  const files = report.testResults.filter(({ name }) => path.relative(project, name) === part.file);
  // What another part of the same file asked for is not of this one.
  const own = files
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ fullName }) => part.like.test(fullName));
  const named = (status: string) => own.filter((each) => each.status === status);
  const broken = files.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return {
    passed: named('passed').length,
    failed: [
      ...named('failed').map(({ fullName }) => fullName),
      ...broken.map(({ message }) => message.split('\n')[0] ?? ''),
    ],
    skipped: named('skipped').length + named('pending').length,
  };
}

function cellOf(kernel: Kernel, part: Part, results: Results | undefined): Cell {
  const none = { part, passed: 0, skipped: 0, failed: [], gap: null };
  if (results === undefined) return { ...none, failed: ['the guest left no report'] };
  const why = part.needs === undefined ? undefined : kernel.lacks[part.needs];
  if (results.failed.length > 0) return { ...none, ...results };
  if (why !== undefined) {
    return results.passed === 0
      ? { ...none, gap: why }
      : { ...none, failed: [`${kernel.name} is said to lack ${part.needs}, and does not`] };
  }
  return results.passed > 0
    ? { ...none, ...results }
    : { ...none, failed: [`nothing of ${part.file} was run`] };
}
