/** One line of `memtrace leak --format json`: the part of it that is compared with the truth. */
export interface Report {
  readonly outstanding: Sum;
  readonly allocated: Sum;
  readonly freed: Sum;
  readonly sites: readonly ReportSite[];
  readonly mappings: readonly { readonly size: number; readonly frames: readonly ReportFrame[] }[];
  readonly notices: readonly { readonly code: string; readonly text: string }[];
  readonly images: readonly {
    readonly id: number;
    readonly pid: number;
    readonly state: string;
    readonly blindMs: number;
  }[];
  readonly losses: readonly {
    readonly reason: string;
    readonly count: number;
    readonly bytes: number;
  }[];
  readonly unknownFrees: number;
  readonly probes: readonly {
    readonly symbol: string;
    readonly allocator: string;
    readonly link: string;
    readonly hits: number;
  }[];
}

interface Sum {
  readonly bytes: number;
  readonly blocks: number;
}

interface ReportFrame {
  readonly symbol: string | null;
  readonly module: string | null;
  readonly inlined?: boolean;
}

interface ReportSite {
  readonly outstandingBytes: number;
  readonly outstandingBlocks: number;
  readonly pid: number;
  readonly frames: readonly ReportFrame[];
  readonly blocks?: readonly {
    readonly address: string;
    readonly size: number;
    readonly ageMs: number;
  }[];
}

/** The function that called the allocator, as the machine has it: not what was inlined into it. */
const caller = (stack: { readonly frames: readonly ReportFrame[] }): ReportFrame | undefined =>
  stack.frames.find((frame) => frame.inlined !== true);

const is = (symbol: string | null | undefined, name: string | RegExp): boolean =>
  typeof name === 'string' ? symbol === name : name.test(symbol ?? '');

const sum = (sites: readonly ReportSite[]): Sum => ({
  bytes: sites.reduce((total, site) => total + site.outstandingBytes, 0),
  blocks: sites.reduce((total, site) => total + site.outstandingBlocks, 0),
});

/** The sites whose allocating function is `name`; in one process, or in all. */
export const sitesBy = (
  report: Report,
  name: string | RegExp,
  pid?: number,
): readonly ReportSite[] =>
  report.sites.filter(
    (site) => is(caller(site)?.symbol, name) && (pid === undefined || site.pid === pid),
  );

/** What `name` itself has allocated and is still there. */
export const keptBy = (report: Report, name: string | RegExp, pid?: number): Sum =>
  sum(sitesBy(report, name, pid));

/** allocate_dtv(), whose name a dynamic linker that was stripped does not have: it keeps some for threads to come. */
const isForThreads = (site: ReportSite): boolean =>
  caller(site)?.symbol === 'allocate_dtv' ||
  (caller(site)?.symbol === null && caller(site)?.module?.startsWith('ld-linux') === true);

/** What is outstanding, by the function that allocated it, `?` where it has no name; but for what the C library has for threads. */
export function keptByAll(report: Report): Readonly<Record<string, Sum>> {
  const callers = Map.groupBy(
    report.sites.filter((site) => site.outstandingBlocks > 0 && !isForThreads(site)),
    (site) => caller(site)?.symbol ?? '?',
  );
  return Object.fromEntries([...callers].map(([name, sites]) => [name, sum(sites)]));
}

/** The step of a truth program that a stack goes through, below whatever library it called: by_box of heap::by_box. */
const stepOf = (site: ReportSite): string | undefined =>
  site.frames
    .map((frame) => /(?:^|::)(by_\w+)/.exec(frame.symbol ?? '')?.[1])
    .find((step) => step !== undefined);

/** What was allocated on behalf of the step `name`, by itself or by a library that it called. */
export const keptUnder = (report: Report, name: string): Sum =>
  sum(report.sites.filter((site) => stepOf(site) === name));

/** Bytes outstanding of each site whose allocating function lies in `module`, largest first. */
export const outstandingIn = (report: Report, module: string): readonly number[] =>
  report.sites
    .filter((site) => caller(site)?.module === module && site.outstandingBytes > 0)
    .map((site) => site.outstandingBytes)
    .toSorted((a, b) => b - a);

/** The sizes of the mappings that functions of that name made. */
export const mappedBy = (report: Report, name: RegExp): readonly number[] =>
  report.mappings
    .filter((mapping) => is(caller(mapping)?.symbol, name))
    .map((mapping) => mapping.size);

export const lossOf = (report: Report, reason: string): { count: number; bytes: number } =>
  report.losses.find((loss) => loss.reason === reason) ?? { count: 0, bytes: 0 };

/** The sites whose stacks have a frame of that name. */
export const sitesThrough = (report: Report, name: string): readonly ReportSite[] =>
  report.sites.filter((site) => site.frames.some((frame) => frame.symbol === name));
