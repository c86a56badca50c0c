import type { CacheReport, CacheRow } from '../../domain/cache-report.ts';
import { kindsApart } from '../../domain/cache-report.ts';
import {
  cacheLossReasons,
  type CacheProcess,
  type CacheSnapshot,
  pageColumns,
} from '../../domain/cache-snapshot.ts';
import type { Eviction } from '../../domain/evictions.ts';
import type { CacheTotals } from '../../domain/page-counts.ts';
import { cacheColumns, sortedRows } from '../../view/cache-columns.ts';
import { evictionText } from '../../view/eviction-text.ts';
import { cachedFileJson as file } from './cached-file-json.ts';
import type { CacheFormat, CacheShown } from './format.ts';

const version = 1;

const line = (type: string, fields: Record<string, unknown>): string =>
  `${JSON.stringify({ v: version, type, ...fields })}\n`;

/** NDJSON: one object a line, docs/cache.schema.json. Counts are whole pages, times milliseconds, sizes bytes. */
export function cacheJson(shown: CacheShown): CacheFormat {
  return {
    opening: ({ snapshot, interval, only }) =>
      line('meta', {
        time: new Date(snapshot.takenAt).toISOString(),
        intervalMs: rounded(interval),
        by: shown.by,
        only,
        ...modeOf(snapshot),
      }),
    report: (report) =>
      line('sample', {
        ...common(report),
        ...(shown.by === null ? {} : tableOf(report, shown)),
      }),
    last: (report) =>
      line('total', {
        ...common(report),
        uses: usesOf(report, shown),
      }),
  };
}

const rounded = (n: number): number => Math.round(n * 1000) / 1000;

const modeOf = ({ mode, refusedModes, blindSpots, pageSize, kernelMemory }: CacheSnapshot) => ({
  mode,
  refusedModes,
  blindSpots,
  pageSizeBytes: pageSize,
  kernelMemoryBytes: kernelMemory,
});

function common(report: CacheReport): Record<string, unknown> {
  const { snapshot } = report;
  return {
    time: new Date(snapshot.takenAt).toISOString(),
    elapsedMs: rounded(snapshot.elapsed),
    spanMs: rounded(report.length),
    ...modeOf(snapshot),
    system: totals(report.system),
    apart: Object.fromEntries(kindsApart.map((kind) => [kind, totals(report.apart[kind])])),
    memory: memoryOf(snapshot),
    evictions: report.evictions.map((each) => eviction(each, snapshot)),
    losses: snapshot.losses.map(({ reason, count }) => ({
      reason,
      count,
      text: cacheLossReasons[reason],
    })),
    notices: report.notices,
  };
}

/** Every column, `null` where it cannot be seen. */
function totals(of: CacheTotals): Record<string, unknown> {
  return {
    ...Object.fromEntries(pageColumns.map((column) => [column, of[column]])),
    hits: of.hits,
    ratio: of.ratio,
    waited: of.waited,
    writeRatio: of.writeRatio,
    partial: of.partial,
  };
}

function memoryOf({ memory }: CacheSnapshot): Record<string, unknown> {
  const { buffers, cached, dirty, writeback, ...pages } = memory;
  return {
    buffersBytes: buffers,
    cachedBytes: cached,
    dirtyBytes: dirty,
    writebackBytes: writeback,
    filePages: pages.filePages,
    refaultedFile: pages.refaultedFile,
    activatedFile: pages.activatedFile,
    scannedFile: pages.scannedFile,
    stolenFile: pages.stolenFile,
  };
}

const process = ({ pid, uid, command, isKernelThread, alive }: CacheProcess) => ({
  pid,
  uid,
  command,
  isKernelThread,
  alive,
});

function eviction(of: Eviction, { pageSize }: CacheSnapshot): Record<string, unknown> {
  const { by, evicted, direct, added, isOwn, cameBack, exact, within } = of;
  return {
    by: by === null ? null : process(by),
    file: file(of.file),
    evicted,
    direct,
    added,
    isOwn,
    cameBack,
    cameBackIsExact: exact,
    withinMs: rounded(within),
    text: evictionText(of, pageSize),
  };
}

function tableOf(report: CacheReport, shown: CacheShown): Record<string, unknown> {
  const sort = cacheColumns[report.view].find(({ id }) => id === shown.sort);
  const rows = sort === undefined ? report.rows : sortedRows(report.rows, sort, shown.reverse);
  return {
    by: report.view,
    rowCount: rows.length,
    rows: rows.slice(0, shown.rows).map(row),
  };
}

function row({ subject, totals: counts, apart }: CacheRow): Record<string, unknown> {
  switch (subject.view) {
    case 'process':
      return { ...process(subject.process), ...totals(counts), apart: totals(apart) };
    case 'file':
      return { ...file(subject.file), ...totals(counts) };
    case 'cgroup':
      return { cgroup: subject.cgroup.path, ...totals(counts), apart: totals(apart) };
  }
}

/** Each process with each of its files. */
function usesOf(report: CacheReport, { users }: CacheShown): Record<string, unknown>[] {
  return report.uses().map((use) => ({
    ...process(use.process),
    user: users.get(use.process.uid) ?? null,
    cgroup: use.cgroup.path,
    ...file(use.file),
    ...totals(use.totals),
  }));
}
